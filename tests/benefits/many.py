"""Many awards at once, by SQL, for what must not depend on how many there are."""

from typing import Any

from django.db import connection

_HOUSEHOLDS = """
    INSERT INTO households_household (number, area_id, address, registered_address, registration_kind, residence,
           residence_permit_number, phone, phone_index, income_stable, hardship_causes, version, registered_by_id,
           registered_at, ended_reason)
    SELECT 'N' || lpad(n::text, 9, '0'), (%(areas)s)[1 + n %% cardinality(%(areas)s)], '一组', '', 'registered',
           'rural', '', '', '', FALSE, '', 1, %(by)s, now(), ''
      FROM generate_series(1, %(count)s) AS n
"""

_PEOPLE = """
    INSERT INTO households_person (name, pinyin, pinyin_initials, id_number, id_number_index, id_tail_index,
           missing_id_reason, sex, birth_date, nation, health, serious_illness, illness_name, schooling, school_name,
           employment, employer, labour_capacity, unable_self_care, support_mode, tekun_since_minor)
    SELECT '甲' || n, 'jia' || n, 'j', '', '', '', 'unidentified', 'male', '1960-01-01', '汉族', 'good', FALSE, '',
           'none', '', 'none', '', '', '[]', 'home_based', FALSE
      FROM generate_series(1, %(count)s) AS n
"""

_MEMBERS = """
    INSERT INTO households_member (household_id, person_id, relation, joined_on, left_reason, lives_together,
           cannot_live_alone, applies_alone, not_counted, supporters_known, "order")
    SELECT h.id, p.id, 'head', '2020-01-01', '', TRUE, FALSE, FALSE, '', FALSE, 0
      FROM households_household h JOIN households_person p ON p.name = '甲' || ltrim(substr(h.number, 2), '0')
     WHERE h.number LIKE 'N%%'
"""

_ACCOUNTS = """
    INSERT INTO households_bankaccount (household_id, bank, account, account_index, holder, payee_kind, payee_name,
           payee_relation)
    SELECT id, '绩溪农商银行', '', '', '甲' || ltrim(substr(number, 2), '0'), 'own', '', ''
      FROM households_household WHERE number LIKE 'N%%'
"""

_AWARDS = """
    INSERT INTO benefits_award (number, scheme, household_id, area_id, state, starts_month)
    SELECT 'N' || substr(number, 2), 'dibao', id, area_id, 'active', %(month)s
      FROM households_household WHERE number LIKE 'N%%'
"""

_PLACES = """
    INSERT INTO benefits_awardplace (award_id, area_id, from_month, recorded_on, recorded_by_id)
    SELECT id, area_id, %(month)s, %(on)s, %(by)s FROM benefits_award WHERE number LIKE 'N%%'
"""

_VERSIONS = """
    INSERT INTO benefits_awardversion (award_id, serial, from_month, monthly_amount, topup_monthly_amount, category,
           basis, care_monthly_amount, care_level, support_mode, person_count, kind, reason, source, decided_on,
           decided_by_id)
    SELECT id, 1, %(month)s, 515.00, 104.00, 'B', 'household', 0, '', '', 1, 'grant', '审核确认', '', %(on)s, %(by)s
      FROM benefits_award WHERE number LIKE 'N%%'
"""

_SHARES = """
    INSERT INTO benefits_awardversionperson (version_id, person_id, base_monthly_amount, topup_monthly_amount,
           topup_class)
    SELECT v.id, m.person_id, 411.00, 104.00, 'B'
      FROM benefits_awardversion v
      JOIN benefits_award a ON a.id = v.award_id
      JOIN households_member m ON m.household_id = a.household_id
     WHERE a.number LIKE 'N%%'
"""

STATEMENTS = (_HOUSEHOLDS, _PEOPLE, _MEMBERS, _ACCOUNTS, _AWARDS, _PLACES, _VERSIONS, _SHARES)


def many_awards(count: int, **terms: Any) -> None:
    """Make awards of one person each, 411 yuan and a top-up of 104, spread over some villages.

    :param terms: ``areas`` keys of villages, ``by`` a key of staff, ``month`` the first month, ``on`` when decided.
    """
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, {"count": count, **terms})
            cursor.execute("ANALYZE")  # or the next statement's joins are planned for empty tables
