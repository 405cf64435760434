"""The vocabularies of trials.csv: the words a cell may hold, and what each means."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = [
    "MEANINGS",
    "Blinding",
    "ComparatorType",
    "Condition",
    "Design",
    "DifferenceSign",
    "DrugClass",
    "Extraction",
]
__all__ += [
    "Favours",
    "HigherIs",
    "PAbout",
    "RatioMeasure",
    "Relation",
    "ReportFormName",
    "ScaleBasis",
    "Use",
]
__all__ += ["ValueKind"]

Use: TypeAlias = Literal["main", "secondary", "alternative", "subgroup", "never_pool"]
Condition: TypeAlias = Literal["neuropathic pain", "chronic low back pain", "fibromyalgia", "other"]
DrugClass: TypeAlias = Literal["SNRI", "TCA", "SSRI", "MAOI", "NaSSA", "NRI", "TeCA", "SARI", "NDRI"]
ComparatorType: TypeAlias = Literal["placebo", "active placebo", "active", "add-on", "other inactive", "none"]
Blinding: TypeAlias = Literal["double-blind", "single-blind", "open", "not stated"]
Design: TypeAlias = Literal["parallel", "crossover", "crossover, first period", "single arm"]
HigherIs: TypeAlias = Literal["worse", "better"]
ScaleBasis: TypeAlias = Literal["printed", "presumed"]
ValueKind: TypeAlias = Literal[
    "endpoint",
    "change",
    "decrease",
    "percent_of_baseline",
    "percent_change",
    "percent_decrease",
    "percent_below_control",
]
DifferenceSign: TypeAlias = Literal["active - control", "control - active"]
Relation: TypeAlias = Literal["=", "<", "<=", ">", ">="]
PAbout: TypeAlias = Literal["between", "within", "not stated"]
Favours: TypeAlias = Literal["active", "control"]
RatioMeasure: TypeAlias = Literal["RR", "OR", "HR", "NNT"]
SourceKind: TypeAlias = Literal["primary report", "secondary", "register", "data set"]
Extraction: TypeAlias = Literal["single", "agreed", "corrected"]
ReportFormName: TypeAlias = Literal[
    "arm_means_sd",
    "arm_means_se",
    "arm_means_ci",
    "arm_means_p",
    "arm_means",
    "paired_means_sd",
    "paired_means_ci",
    "paired_means_p",
    "difference_ci",
    "difference_se",
    "difference_p",
    "p_only",
    "not_significant",
    "direction_only",
    "within_group_only",
    "one_arm_means",
    "counts",
    "percentages",
    "crossover_counts",
    "one_arm_counts",
    "total_counts",
    "ratio",
    "nnt",
    "text_only",
    "not_obtained",
]

MEANINGS: dict[str, dict[str, str]] = {
    "outcome": {
        "pain_intensity": "pain intensity score",
        "pain_relief": "pain relief score (higher is better)",
        "pain_relief_onset": "first week with a difference",
        "pain_interference": "interference of pain with quality of life or function",
        "symptom_composite": "composite neuropathy symptom score, not pain alone",
        "analgesic_use": "use of analgesics",
        "responder_30": "at least 30 % less pain",
        "responder_50": "at least 50 % less pain",
        "responder_moderate_relief": "at least moderate pain relief",
        "responder_good_relief": "good, excellent or complete pain relief",
        "responder_any_relief": "any reduction of pain",
        "responder_nrs_le3": "pain 3 or less on 0-10 at the end",
        "responder_composite": "composite responder, not pain alone (trial's own rule, in `scale`)",
        "global_improvement": "patient's global impression: much or very much improved, or as printed",
        "withdrawal_ae": "withdrawn because of adverse events",
        "withdrawal_any": "withdrawn for any reason",
        "any_adverse_event": "participants with any adverse event",
        "adverse_events": "adverse events listed in words",
        "ae_constipation": "constipation",
        "ae_dry_mouth": "dry mouth",
        "ae_gi_upset": "gastrointestinal upset",
        "ae_headache": "headache",
        "ae_insomnia": "insomnia",
        "ae_nausea": "nausea",
        "ae_seizure": "seizure",
        "ae_somnolence": "somnolence",
        "ae_tremor": "tremor",
        "ae_weight_gain": "weight gain",
        "participants": "participants randomized",
        "analysed": "participants analysed",
        "attrition": "participants lost, all arms together",
        "quality_of_life": "quality of life",
    },
    "blinding": {
        "double-blind": "neither patients nor observers knew",
        "single-blind": "one side knew",
        "open": "both knew",
        "not stated": "the source seen does not say",
    },
    "use": {
        "main": "the trial's result for this contrast and outcome; analyses take these rows",
        "secondary": "a further outcome or scale of the same trial",
        "alternative": "the same result at another time, in another analysis or in combined arms",
        "subgroup": "part of the trial only",
        "never_pool": "kept in sight, left out of every pool; the note says why",
    },
    "condition": {
        "neuropathic pain": "pain after a lesion or disease of the nerves",
        "chronic low back pain": "back pain of long standing, with or without leg pain",
        "fibromyalgia": "fibromyalgia",
        "other": "any other condition; `population` names it",
    },
    "drug_class": {
        "SNRI": "serotonin and noradrenaline reuptake inhibitor",
        "TCA": "tricyclic antidepressant",
        "SSRI": "selective serotonin reuptake inhibitor",
        "MAOI": "monoamine oxidase inhibitor",
        "NaSSA": "noradrenergic and specific serotonergic antidepressant",
        "NRI": "noradrenaline reuptake inhibitor",
        "TeCA": "tetracyclic antidepressant",
        "SARI": "serotonin antagonist and reuptake inhibitor",
        "NDRI": "noradrenaline and dopamine reuptake inhibitor",
    },
    "comparator_type": {
        "placebo": "inert placebo",
        "active placebo": "a drug that imitates side effects only",
        "active": "another treatment",
        "add-on": "the same background treatment in both arms",
        "other inactive": "an inactive control that is no placebo tablet",
        "none": "no control arm",
    },
    "design": {
        "parallel": "each patient gets one treatment",
        "crossover": "each patient gets every treatment in turn",
        "crossover, first period": "a crossover of which only the first period is reported or used",
        "single arm": "no control arm",
    },
    "scale_basis": {
        "printed": "the report or the cited table prints the range, or names a scale that has only this one",
        "presumed": "not printed: by convention, or from the size of the figures",
    },
    "higher_is": {
        "worse": "a higher score is more pain",
        "better": "a higher score is less pain or more relief",
    },
    "value": {
        "endpoint": "score at the end",
        "change": "end minus baseline (negative = the score fell)",
        "decrease": "baseline minus end (positive = the score fell)",
        "percent_of_baseline": "end as a percentage of baseline",
        "percent_change": "change in percent (negative = the score fell)",
        "percent_decrease": "decrease in percent (positive = the score fell)",
        "percent_below_control": "difference in percent of the control mean (positive = lower than control)",
    },
    "difference_sign": {
        "active - control": "the printed difference is active minus control",
        "control - active": "the printed difference is control minus active",
    },
    "p_relation": {
        "=": "exact",
        "<": "below",
        "<=": "at or below",
        ">": "above",
        ">=": "at or above",
    },
    "p_about": {
        "between": "active against control",
        "within": "against baseline, inside one group",
        "not stated": "the report does not say",
    },
    "favours": {"active": "the active treatment did better", "control": "the control did better"},
    "ratio_measure": {
        "RR": "risk ratio",
        "OR": "odds ratio",
        "HR": "hazard ratio",
        "NNT": "number needed to treat",
    },
    "source_kind": {
        "primary report": "the trial's own report or its abstract",
        "secondary": "a review, guideline, summary or news page",
        "register": "a trial register",
        "data set": "a published data set",
    },
    "extraction": {
        "single": "extracted once",
        "agreed": "extracted twice, independently, with the same result",
        "corrected": "extracted twice; a difference was settled from the source",
    },
}
