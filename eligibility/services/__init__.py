"""Assessments, and the dated parameters that they rest on."""

from eligibility.services.assessing import (
    Replay,
    StoredParameters,
    assess_document,
    assess_household,
    assess_with_facts,
    engine_version,
    read_document,
    reassess,
    replay,
    store_assessment,
)
from eligibility.services.changes import (
    NotChangeable,
    approve_change,
    propose_parameter,
    return_change,
    withdraw_change,
)
from eligibility.services.parameters import (
    NotAParameter,
    SourceData,
    check_parameter,
    load_parameters,
    load_source_documents,
    record_source_document,
)
from eligibility.services.reckoned import ReckonedFamily, store_reckoned
from eligibility.services.trial import NotAssessable, Trial, try_out

__all__ = [
    "NotAParameter",
    "NotAssessable",
    "NotChangeable",
    "ReckonedFamily",
    "Replay",
    "SourceData",
    "StoredParameters",
    "Trial",
    "approve_change",
    "assess_document",
    "assess_household",
    "assess_with_facts",
    "check_parameter",
    "engine_version",
    "load_parameters",
    "load_source_documents",
    "propose_parameter",
    "read_document",
    "reassess",
    "record_source_document",
    "replay",
    "return_change",
    "store_assessment",
    "store_reckoned",
    "try_out",
    "withdraw_change",
]
