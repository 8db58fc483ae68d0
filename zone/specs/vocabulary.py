"""Closed sets of words that specs may say."""

from enum import StrEnum


class DataClass(StrEnum):
    """How sensitive the data of an account is."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class Persona(StrEnum):
    """What a member of a team does; each persona has its own role."""

    DATA_SCIENTIST = "data_scientist"
    ML_ENGINEER = "ml_engineer"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
