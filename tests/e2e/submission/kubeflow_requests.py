"""JSON schemas of the requests to Kubeflow Pipelines that create something, as of version 2.17.0.

Lengths are those of `validation/length.go` below `backend/src/apiserver`; names are those of Kubernetes.
"""

_DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_RUNTIME_CONFIG = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"parameters": {"type": "object"}, "pipeline_root": {"type": "string"}},
}
_COMMON = {
    "display_name": {"type": "string", "minLength": 1},
    "description": {"type": "string"},
    "experiment_id": {"type": "string", "maxLength": 64},
    "pipeline_spec": {"type": "object"},
    "pipeline_version_reference": {"type": "object"},
    "runtime_config": _RUNTIME_CONFIG,
    "service_account": {"type": "string", "maxLength": 253, "pattern": rf"^{_DNS_LABEL}(\.{_DNS_LABEL})*$"},
    "plugins_input": {"type": "object"},
}
RUN = {
    "type": "object",
    "required": ["display_name", "experiment_id", "pipeline_spec", "runtime_config"],
    "additionalProperties": False,
    "properties": _COMMON,
}
RECURRING_RUN = {
    "type": "object",
    "required": [*RUN["required"], "max_concurrency", "trigger", "mode"],
    "additionalProperties": False,
    "properties": {
        **_COMMON,
        "max_concurrency": {"type": "string", "pattern": r"^([1-9]|10)$"},
        "mode": {"enum": ["ENABLE", "DISABLE"]},
        "no_catchup": {"type": "boolean"},
        "trigger": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "cron_schedule": {
                    "type": "object",
                    "required": ["cron"],
                    "additionalProperties": False,
                    # robfig/cron 1.2 requires six fields, supports no time zone, and counts weekdays from 0 to 6.
                    "properties": {"cron": {"type": "string", "pattern": r"^[^=\s]+( [^=\s]+){4} [^=\s7]+$"}},
                }
            },
        },
    },
}
EXPERIMENT = {
    "type": "object",
    "required": ["display_name"],
    "additionalProperties": False,
    "properties": {
        "display_name": {"type": "string", "minLength": 1, "maxLength": 128},
        "description": {"type": "string"},
        "namespace": {"type": "string", "maxLength": 63, "pattern": f"^{_DNS_LABEL}$"},
    },
}
