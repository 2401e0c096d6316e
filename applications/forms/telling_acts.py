"""Acts by which a family is told what is proposed against it, and contests it; F57 §§18, 32."""

from applications.forms import proposing
from applications.forms.act import PROPOSE, Act, not_told, told_already
from applications.forms.ending_acts import OF_AWARDS
from applications.forms.review_acts import REVIEWS
from applications.rules.process import CaseState

TELLING_ACTS: tuple[Act, ...] = (
    Act(
        "tell-not-eligible",
        "告知拟不予确认",
        proposing.TellNotEligibleForm,
        PROPOSE,
        frozenset({CaseState.PROPOSED}),
        "告知申请人拟不予确认及理由；申请人可以在规定时间内举证异议。",
        told_already,
        not_of=OF_AWARDS,
    ),
    Act(
        "contest",
        "申请人举证异议",
        proposing.ContestForm,
        PROPOSE,
        frozenset({CaseState.PROPOSED}),
        "申请人对拟不予确认有异议并举出证据的，回到调查核对重新查明。",
        not_told,
        not_of=OF_AWARDS,
    ),
    Act(
        "tell-review",
        "告知家庭拟作的决定",
        proposing.TellNotEligibleForm,
        PROPOSE,
        frozenset({CaseState.PROPOSED}),
        "把拟减发、渐退或者停发的决定和理由告知家庭；家庭可以在规定时间内举证异议（民发〔2021〕57号第三十二条）。",
        told_already,
        of=REVIEWS,
    ),
    Act(
        "contest-review",
        "家庭举证异议",
        proposing.ContestForm,
        PROPOSE,
        frozenset({CaseState.PROPOSED}),
        "家庭对拟作的决定有异议并举出证据的，回到调查核对重新查明。",
        not_told,
        of=REVIEWS,
    ),
)
