"""Specifications: what is read, and the one sentence for everything that cannot be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from bupmeta.analysis import analyse, read_spec
from bupmeta.errors import SpecError

ROOT = Path(__file__).parents[2]
GOOD = (ROOT / "analyses" / "bupropion.toml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path):
    """A specification in a folder of its own that reads the project's data."""

    def made(text: str, name: str = "spec.toml") -> Path:
        path = tmp_path / name
        path.write_text(text.replace("../data/", f"{ROOT / 'data'}/"), encoding="utf-8")
        return path

    return made


def test_a_good_specification_is_read_as_written(write):
    """Every key of the file is in the value."""
    spec = read_spec(write(GOOD, "mine.toml"))
    assert (spec.name, spec.title) == ("mine", "Bupropion for chronic pain")
    assert spec.measures == ("MD", "SMD")
    assert spec.favours == ("favours bupropion", "favours placebo")
    assert spec.select["comparator_type"] == ("placebo", "active placebo")
    assert spec.groups.of_interest == ("neuropathic pain", "chronic low back pain", "fibromyalgia")
    assert (spec.model.tau2, spec.model.ci, spec.model.prediction, spec.model.level) == (
        "REML",
        "HK-adhoc",
        "t",
        0.95,
    )
    assert spec.reading_aid is not None
    assert spec.reading_aid.points == 1.0


BAD = {
    "a finding without an outcome": (
        'outcome = "ae_dry_mouth"\ncondition = "other"',
        'condition = "other"',
        "a [[findings]] entry has no outcome",
    ),
    "a finding twice": (
        'outcome = "ae_insomnia"\ncondition = "other"',
        'outcome = "ae_nausea"\ncondition = "other"',
        "two [[findings]] are about 'ae_nausea', 'other'",
    ),
    "too many findings": (
        "[model]",
        '[[findings]]\noutcome = "ae_headache"\ncondition = "other"\n[model]',
        "there are 8 [[findings]]; a Summary of Findings has at most 7",
    ),
    "a step without a reason": (
        "[model]",
        '[[certainty]]\noutcome = "pain_intensity"\ndomain = "imprecision"\nstep = -1\n[model]',
        "a [[certainty]] entry has no reason",
    ),
    "a step in no domain": (
        "[model]",
        '[[certainty]]\noutcome = "pain_intensity"\ndomain = "imprecison"\nstep = -1\nreason = "x"\n[model]',
        "domain = 'imprecison'; did you mean 'imprecision'",
    ),
    "a step of three": (
        "[model]",
        '[[certainty]]\noutcome = "pain_intensity"\ndomain = "imprecision"\nstep = -3\nreason = "x"\n[model]',
        "has step = -3; it is 0, -1 or -2",
    ),
    "no step": (
        "[model]",
        '[[certainty]]\noutcome = "pain_intensity"\ndomain = "imprecision"\nreason = "x"\n[model]',
        "has no step; it is 0, -1 or -2",
    ),
    "unknown key": ('title = "', 'titel = "x"\ntitle = "', "'titel' is unknown; did you mean 'title'"),
    "unknown key in a table": (
        'tau2 = "REML"',
        'tau = "REML"',
        "'model.tau' is unknown; did you mean 'tau2'",
    ),
    "missing key": ('title = "Bupropion for chronic pain"', "", "'title' is missing"),
    "missing in question": ('outcome = "pain intensity"', "", "'question.outcome' is missing"),
    "wrong type": ("r = 0.5", 'r = "half"', "r is 'half'; it must be a number"),
    "impossible r": ("r = 0.5", "r = 1.5", "r is 1.5"),
    "unknown measure": ('["MD", "SMD"]', '["WMD"]', "measures has 'WMD'"),
    "unknown tau2": ('tau2 = "REML"', 'tau2 = "REMLL"', "did you mean 'REML'"),
    "impossible level": ("level = 0.95", "level = 95.0", "level=95.0"),
    "three labels": (
        '["favours bupropion", "favours placebo"]',
        '["a", "b", "c"]',
        "favours needs two labels",
    ),
    "unknown column": ('drug = "bupropion"', 'drugs = "bupropion"', "column 'drugs'; did you mean 'drug'"),
    "unknown value": ('drug = "bupropion"', 'drug = "bupropoin"', "did you mean 'bupropion'"),
    "unknown group column": ('by = ["condition"]', 'by = ["conditions"]', "did you mean 'condition'"),
    "unknown condition": ('"fibromyalgia"]', '"fibromyalga"]', "did you mean 'fibromyalgia'"),
    "filter that matches nothing": ('"placebo", "active placebo"', '"add-on"', "[select] matches no row"),
    "unknown preset": (
        "[groups]",
        '[figures]\npreset = "BJM"\n\n[groups]',
        "figures.preset is 'BJM'; did you mean 'BMJ'",
    ),
    "two outcomes": (
        'outcome = "pain_intensity"\ncomparator_type = ["placebo", "active placebo"]',
        'outcome = ["pain_intensity", "responder_50"]',
        "must name one outcome",
    ),
    "unknown outcome": (
        'outcome = "ae_dry_mouth"',
        'outcome = "ae_dry_mouht"',
        "outcome 'dry mouth' has outcome = 'ae_dry_mouht', which no row",
    ),
    "outcome without a title": ('title = "dry mouth"', "", "an [[outcomes]] entry has no title"),
    "neither benefit nor harm": (
        'outcome = "ae_dry_mouth"\nevent = "harm"',
        'outcome = "ae_dry_mouth"\nevent = "harmful"',
        "has event = 'harmful'; did you mean 'harm'",
    ),
    "unknown model of counts": (
        'outcome = "ae_dry_mouth"',
        'outcome = "ae_dry_mouth"\nmodel = "Mantel"',
        "has model = 'Mantel'; use one of MH, IV, Peto, GLMM",
    ),
    "risk ratio of Peto": (
        'outcome = "ae_dry_mouth"',
        'outcome = "ae_dry_mouth"\nmodel = "Peto"',
        "the model Peto, which gives odds ratios; add measure",
    ),
    "risk without a source": (
        'outcome = "ae_dry_mouth"',
        'outcome = "ae_dry_mouth"\ncontrol_risk = 0.1',
        "needs control_risk and control_risk_source together",
    ),
    "impossible risk": (
        'outcome = "ae_dry_mouth"',
        'outcome = "ae_dry_mouth"\ncontrol_risk = 10.0\ncontrol_risk_source = "x"',
        "a control risk of 10.0 is not a risk",
    ),
    "negative imor": (
        'outcome = "ae_dry_mouth"',
        'outcome = "ae_dry_mouth"\nimor = [-1.0]',
        "has a negative imor",
    ),
    "one definition twice": (
        'outcome = "ae_dry_mouth"',
        'outcome = "ae_nausea"',
        "two [[outcomes]] have outcome = 'ae_nausea'",
    ),
    "no data file": ("../data/trials.csv", "nowhere.csv", "nowhere.csv"),
    "not TOML": ("title = ", "title ", "is not valid TOML"),
    "first measure is not MD": ('["MD", "SMD"]', '["SMD", "MD"]', "begins with MD"),
    "no measure": ('["MD", "SMD"]', "[]", "begins with MD"),
    "a measure twice": ('["MD", "SMD"]', '["MD", "MD"]', "names no measure twice"),
    "empty title": ('title = "Bupropion for chronic pain"', 'title = " "', "title is ' '"),
    "a path that is none": ("../data/trials.csv", "a\\u0000b", "data is"),
    "reading aid that is no number": ("points = 1.0", "points = nan", "reading_aid.points has nan"),
    "a number that is none": ("unseen_effects = [-1.7,", "unseen_effects = [nan,", "unseen_effects has nan"),
    "a number without end": ("n = [25,", "n = [inf,", "next_trial.n has inf"),
    "a whole number too large": ("r = 0.5 ", f"r = 1{'0' * 400} ", "r has 1000"),
    "a number of too many digits": ("r = 0.5 ", f"r = 1{'0' * 5000} ", "is not valid TOML"),
    "unknown choice in the multiverse": ('sd = ["median"', 'sd = ["mean"', "multiverse.sd has 'mean'"),
    "empty axis": ('p_about = ["between", "within"]', "p_about = []", "multiverse.p_about is empty"),
    "impossible r in the multiverse": ("r = [0.5, 0.3, 0.7, 0.9]", "r = [0.5, 1.0]", "multiverse.r has 1"),
    "deep nesting": ('title = "', "x = " + "[" * 3000 + "]" * 3000 + '\ntitle = "', "is nested too deeply"),
    "name that is no folder": ('title = "', 'name = "../x"\ntitle = "', "name is '../x'"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_specification_that_cannot_be_right_is_refused_in_one_sentence(write, case):
    """The message names the file, the key or value, and what is right."""
    old, new, message = BAD[case]
    assert old in GOOD
    path = write(GOOD.replace(old, new, 1))
    with pytest.raises(Exception, match=r"spec\.toml|nowhere\.csv") as caught:
        analyse(path)
    assert getattr(caught.value, "exit_code", None) == 2
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_byte_order_mark_and_numeric_filters_are_understood(write):
    """A specification saved by another program is read; a year is matched as it is written."""
    path = write(GOOD.replace('drug = "bupropion"', 'drug = "bupropion"\nyear = "2001"', 1))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert analyse(path).evidence.known == 1


def test_a_missing_and_a_binary_specification_are_refused(tmp_path):
    """Neither ends in a traceback."""
    with pytest.raises(SpecError, match="there is no such file"):
        read_spec(tmp_path / "no.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SpecError, match="not a text file in UTF-8"):
        read_spec(tmp_path / "b.toml")
    with pytest.raises(SpecError, match="cannot be read"):
        read_spec(tmp_path)
