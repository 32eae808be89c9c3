"""Settings and config files that are mistyped or malicious."""

from hypothesis import strategies as st

WORDS = (
    *(
        "",
        " ",
        "~",
        "null",
        "on",
        "off",
        "yes",
        "no",
        "true",
        "False",
        "2024",
        "2024-05-01",
        "1:30",
        "010",
        "0x1f",
        "1e3",
    ),
    *(
        "1e999",
        ".nan",
        "-.inf",
        "nan",
        "9" * 30,
        "9" * 5000,
        "-1",
        "0.0",
        "[",
        "[a",
        "{a: b",
        "{}",
        "[]",
        "a: b",
        "a # b",
    ),
    *(
        "- a",
        "@x",
        "%x",
        "*x",
        "&x",
        "&x [*x]",
        "!x y",
        "!!python/object:os.system x",
        "'",
        "'q",
        '"',
        '"\\0"',
        '"\\ud800"',
    ),
    *(
        "<<",
        "? a",
        "|",
        ">",
        "---",
        "...",
        "\t",
        "\n",
        "\x1b[31m",
        "[/bold]",
        "\u2028",
        "\ufeff",
        "\udcff",
        "é",
        "\u0661",
        "{{$}}",
    ),
    *(
        "{a: 1, a: 2}",
        "[" * 2000,
        "{a: " * 200,
        "$(NOTHING)",
        "https://u:hunter2@host/x",
        "../..",
        "/dev/zero",
        "a" * 300,
    ),
)
KEYS = (
    *(
        "name",
        "nmae",
        "runs_dir",
        "pipeline_root",
        "seed",
        "beam_args",
        "data",
        "data.root",
        "data.max_quarantine_ratio",
    ),
    *(
        "split",
        "split.test",
        "split.group_by",
        "encoder.weights",
        "extraction",
        "extraction.timeout_s",
        "extraction.workers",
    ),
    *(
        "extraction.memory_mb",
        "extraction.crop",
        "extraction.hdr",
        "trainer",
        "trainer.model",
        "trainer.hyperparameters",
        "trainer.epochs",
    ),
    *("trainer.hyperparameters.dropout", "trainer.learning_rate", "decision.clip", "decision.max_false_positive_rate"),
    *("evaluator", "evaluator.bounds", "evaluator.bounds.auc", "evaluator.bounds.auc.min", "evaluator.bounds.auc.on"),
    *("evaluator.slice_bounds", "evaluator.slice_bounds.codec.auc.min", "audits.names", "tuner.models", "card.limits"),
    *("vertex", "vertex.labels", "vertex.labels.a", "vertex.schedule", "vertex.image", "kubeflow", "kubeflow.host"),
    *("vertex.resources.default.cpu", "vertex.resources.default.accelerator", "on", "1", "", ".", "a..b", "__class__"),
)
words = st.one_of(st.sampled_from(WORDS), st.text(max_size=20))
keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=8))
settings = st.one_of(st.builds("{}={}".format, keys, words), words)
files = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.builds("{}: {}".format, keys, words), max_size=6).map(
        lambda lines: (
            "\n".join(["name: x", *lines]).encode("utf-8", "surrogateescape")
            if not any(0xD800 <= ord(c) <= 0xDFFF and not 0xDC80 <= ord(c) <= 0xDCFF for line in lines for c in line)
            else b"\xff"
        )
    ),
)
