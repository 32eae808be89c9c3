"""Secret values are hidden wherever they are shown, and nothing else is."""

import pytest

from components.redaction import HIDDEN, hide, redact, redact_arguments, redact_text, secrets_of

SECRET = "hunter2,]x"
PLAIN_SECRET = "hunter2"


@pytest.mark.parametrize(
    "options",
    [
        [f"--s3_secret_access_key={SECRET}"],
        [f"--s3_session_token={SECRET}"],
        [f"--S3-Access-Key-Id={SECRET}"],
        [f"-password={SECRET}"],
        ["--password", SECRET, "--other"],
        [f"--azure_connection_string=DefaultEndpointsProtocol=https;AccountName=a;AccountKey={PLAIN_SECRET}=="],
        [f"--experiments=lull,my_token={PLAIN_SECRET}"],
        [f"--environment_options=process_variables=AWS_SECRET_ACCESS_KEY={PLAIN_SECRET}"],
        [f'--environment_config={{"env": {{"API_KEY": "{SECRET}"}}}}'],
        [f"--spark_conf=spark.hadoop.fs.s3a.secret.key={PLAIN_SECRET}"],
        [f"--job_endpoint=https://user:{PLAIN_SECRET}@host:443/path"],
        [f"--metadata=postgresql://user:a/{PLAIN_SECRET}@host/base"],
        [f"--flink_master=user:{PLAIN_SECRET}@host:8081"],
        [f"--staging=https://account.blob.core.windows.net/c?se=1&sig={PLAIN_SECRET}&sp=r"],
        [f"--header=Authorization: Bearer {PLAIN_SECRET}"],
        [f"--git=https://{PLAIN_SECRET}@github.com/a/b"],
    ],
)
def test_secret_options_are_named_only(options):
    shown = redact_arguments(options)
    assert PLAIN_SECRET not in str(shown)
    assert HIDDEN in str(shown)
    assert shown[0].startswith(options[0][:6])
    assert all(PLAIN_SECRET in secret for secret in secrets_of(options) if secret != "a")
    assert PLAIN_SECRET not in hide(f"a log of {options}", secrets_of(options))
    assert PLAIN_SECRET not in str(redact({"beam_args": options}))


@pytest.mark.parametrize(
    "option",
    [
        "--runner=FnApiRunner",
        "--no_auth",
        "--dataflow_kms_key=projects/p/locations/l/keyRings/r/cryptoKeys/k",
        "--sdk_container_image=registry.example.com/a/b:1@sha256:00ff",
        "--temp_location=gs://bucket/a@b/c",
        "--input=abfss://container@account.dfs.core.windows.net/folder",
        "--job_endpoint=http://host:8099/path@v1",
        "--s3_secret_access_key=$(S3_SECRET)",
        "--labels=team=forensics",
        "--enable_hot_key_logging",
    ],
)
def test_other_options_are_shown(option):
    assert redact_arguments([option, "--next"]) == [option, "--next"]
    assert secrets_of([option]) == []


@pytest.mark.parametrize(
    "text",
    [
        f"beam_args=[--s3_secret_access_key={PLAIN_SECRET}, --x=1]",
        f'beam_args=["--s3_secret_access_key={SECRET}", "--x=1"]',
        f"beam_args=[--password, {PLAIN_SECRET}]",
        f'beam_args=["--password", "{PLAIN_SECRET}"]',
        f'beam_args=["--environment_config={{\\"env\\": {{\\"TOKEN\\": \\"{PLAIN_SECRET}\\"}}}}"]',
        f"kubeflow.labels={{token: {PLAIN_SECRET}}}",
        f"vertex.labels.api-key={PLAIN_SECRET}",
    ],
)
def test_secrets_within_a_text_are_hidden(text):
    assert PLAIN_SECRET not in redact_text(text)
    assert redact_text(text).startswith(text[:9])


def test_keys_and_addresses_of_a_config():
    config = {
        "data": {"root": "https://me:hunter2@host/a", "pattern": "*"},
        "labels": {"team": "a", "api-token": "hunter2"},
        "env": {"password": {"value": "hunter2"}},
        "pin": {"password": 4711, "use_auth": True},
        "encryption_key": "projects/p/cryptoKeys/k",
        "extraction": {"sampling": "keyframes", "timeout_s": 3.0},
        "path": "/data/key=5/part",
    }
    shown = redact(config)
    assert "hunter2" not in str(shown)
    assert shown["pin"] == {"password": HIDDEN, "use_auth": True}
    assert shown["data"] == {"root": f"https://me:{HIDDEN}@host/a", "pattern": "*"}
    assert {key: shown[key] for key in ("encryption_key", "extraction", "path")} == {
        key: config[key] for key in ("encryption_key", "extraction", "path")
    }
