"""Reads of parameters and assessments."""

from eligibility.queries.amounts import AMOUNT_KEYS, amounts_change, months_of_change
from eligibility.queries.book import ParameterBook
from eligibility.queries.card import AssessmentCard, SchemeAnswer, assessment_card
from eligibility.queries.display import FindingRow, findings_for_display, member_names
from eligibility.queries.in_force import FiguresInForce, care_amount_in_force, figures_in_force
from eligibility.queries.marked import MarkedFigure, MarkedFigures, marked_figures, sample_figures
from eligibility.queries.parameters import (
    DEFINITIONS,
    PARAMETER_TITLES,
    MissingParameters,
    assessments_of,
    changes_of,
    decided_otherwise,
    described_value,
    further_value,
    levels_of,
    parameter_history,
    parameter_title,
    parameters_for,
    parameters_in_force,
    parameters_on,
    resting_on,
    rigid_terms,
    source_documents,
    stored_parameters,
    township_aid_limit,
)

__all__ = [
    "AMOUNT_KEYS",
    "DEFINITIONS",
    "PARAMETER_TITLES",
    "AssessmentCard",
    "FiguresInForce",
    "FindingRow",
    "MarkedFigure",
    "MarkedFigures",
    "MissingParameters",
    "ParameterBook",
    "SchemeAnswer",
    "amounts_change",
    "assessment_card",
    "assessments_of",
    "care_amount_in_force",
    "changes_of",
    "decided_otherwise",
    "described_value",
    "figures_in_force",
    "findings_for_display",
    "further_value",
    "levels_of",
    "marked_figures",
    "member_names",
    "months_of_change",
    "parameter_history",
    "parameter_title",
    "parameters_for",
    "parameters_in_force",
    "parameters_on",
    "resting_on",
    "rigid_terms",
    "sample_figures",
    "source_documents",
    "stored_parameters",
    "township_aid_limit",
]
