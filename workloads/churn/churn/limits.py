"""What a model must reach. Change these for your own model; the reason is what the gate prints."""

AUC_AT_LEAST = 0.70
"""Area under the ROC curve: the chance that a customer who leaves is scored above one who stays."""

AUC_TOO_GOOD = 0.95
"""Nobody predicts customers that well: a feature knows the answer."""

ONE_FEATURE_TOO_GOOD = 0.90
"""AUC of a single feature: it knows the answer."""

LOG_LOSS_SHARE_AT_MOST = 0.95
"""Log-loss, as a share of what the bare churn rate gets."""

WORSE_THAN_CHAMPION = 0.005
"""AUC that a model may lose against the one at work, beyond what chance explains."""

CALIBRATION_ERROR_AT_MOST = 0.05
"""Expected calibration error: how far a score of 30 % is from 30 % leaving."""

THRESHOLD = 0.30
"""Score from which a customer gets an offer. Fairness is judged by who is above it."""

GROUP_DIFFERENCE_AT_MOST = 0.10
"""Between two groups: share that gets an offer, and share of those who leave that gets one."""

NOISE_CHANGES_AT_MOST = 0.03
"""Mean change of a score where each number moves by 1 % of its spread."""

AUC_LOST_WITHOUT_VALUES = 0.08
"""AUC that a model may lose where a tenth of the values is missing."""

PSI_AT_MOST = 0.10
"""Population stability index of a column between what a model learnt from and what it is judged by."""

ONE_ROW_SECONDS = 0.10
"""CPU time of a prediction for one customer [s]."""

THOUSAND_ROWS_SECONDS = 1.0
"""CPU time of a prediction for a thousand [s]."""

MODEL_BYTES = 20_000_000
"""Size of a model on disk [bytes]."""

ROWS_AT_LEAST = 200
CHURNERS_AT_LEAST = 30
"""Fewer customers in the test, or fewer who left, prove nothing."""

DAYS_STALE = 30
"""Days between the newest row learnt from and the newest row judged by."""

CHANCE = 0.001
"""How often a sound model may be refused by chance, a check: limits give way to what chance alone explains."""

MISSING_AT_MOST = 0.05
"""Share of missing values in a column of what an endpoint is sent, and of calls that cannot be read."""

ATTRIBUTION_DRIFT_AT_MOST = 0.15
"""Share of what explains a score that moved from some columns to others."""
