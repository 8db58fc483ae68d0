"""Which names are a secret's, and which values are none."""

import pytest

from policies.rules._secrets import is_secret_name, secret_in

HELD = [
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "ECS_ENGINE_AUTH_DATA", "PASSWORD"),
    *("DB_PASSWORD", "DB_PASSWORD_PROD", "PASSWORD_ADMIN", "PGPASSWORD", "password2", "db-password"),
    *("db.password", "dbPassword", "DBPasswordProd", "MYSQL_PWD", "SMTP_PASS", "KEY_PASSPHRASE", "ROOT_PASSWD"),
    *("CLIENT_SECRET", "SECRET_KEY_BASE", "SECRET", "JWT_SECRET_1", "clientSecret", "API_KEY", "APIKEY"),
    *("OPENAI_API_KEY_STAGING", "PRIVATE_KEY", "PRIVATE_KEY_PEM", "accessKeyId", "accesskeyid"),
    *("DB_CREDENTIALS", "TOKEN", "HF_TOKEN", "GITHUB_TOKEN_PROD", "TOKEN_2", "authToken", "--api-key"),
    *("DATABASE_PASSWORD_BASE64", "AUTH_TOKEN_VALUE"),
]
ABOUT = [
    *("DB_PASSWORD_FILE", "DB_PASSWORD_FILE_PROD", "SECRET_ARN", "DB_SECRET_NAME", "SECRET_ID"),
    *("SECRET_REGION", "DB_PASSWORD_PATH", "TOKEN_URL", "PASSWORD_SECRET_ARN", "PASSWORD_POLICY"),
    *("PASSWORD_MIN_LENGTH", "PASSWORD_EXPIRY_DAYS", "API_KEY_HEADER", "API_KEY_ID", "ACCESS_KEY_ID_FILE"),
    *("SECRETS_MANAGER_TTL", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "SECRET_VERSION_STAGE"),
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "PAD_TOKEN", "EOS_TOKEN_ID", "MAX_TOKENS", "MAX_NEW_TOKENS"),
    *("TOKENIZER", "TOKENIZERS_PARALLELISM", "TOKEN_LIMIT", "COST_PER_TOKEN", "padToken"),
    *("TOKEN_CLASSIFICATION", "PWD", "OLDPWD", "COMPASS_HOST", "KEYBOARD", "MONKEY_PATCH", "PUBLIC_KEY"),
    *("ENCRYPTED_PASSWORD", "PASSTHROUGH", "BYPASS"),
]


@pytest.mark.parametrize("name", HELD)
def test_a_name_that_is_a_secrets_own_is_one(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ABOUT)
def test_a_name_that_says_where_or_how_is_none(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize("value", ["hunter22", "true-story", "a/b", "12345", "Arn", "0x1f", "/", "//x"])
def test_a_literal_is_a_secret(value):
    assert "a secret in clear text" == secret_in("DB_PASSWORD", value)


@pytest.mark.parametrize(
    "value",
    [
        *("", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", "{{resolve:ssm-secure:/db/password}}"),
        *("/prod/db/password", "/run/secrets/db", "certs/server.key", "ssm:/db", "secretsmanager:prod/db"),
        *("${DB_PASSWORD}", "$(DB_PASSWORD)", "<from the vault>", "true", "No", "1", None, 7.0, ["x"]),
    ],
)
def test_a_reference_a_file_or_a_switch_is_none(value):
    assert secret_in("DB_PASSWORD", value) is None


def test_a_credential_is_found_whatever_the_name():
    assert "a credential (AKIA…)" == secret_in("DB_PASSWORD_FILE", "AKIAIOSFODNN7EXAMPLE")


def test_the_name_of_a_secret_is_none():
    assert secret_in("DB_SECRET", "prod/db") is None
