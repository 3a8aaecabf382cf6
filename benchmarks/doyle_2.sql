-- `doyle_2.yaml` written by hand as one statement: the floor that screening is timed against, and
-- an independent statement of the policy that tests hold it equal to. One bit a criterion, in the
-- policy's order: 0 NS-01, 1 NS-02, 2 NS-03, 3 PS-01, 4 PS-03, 5 PS-04, 6 PS-05, 7 PS-06, 8 PS-07,
-- 9 PS-08, 10 PS-10, 11 PS-11, 12 PS-12, 13 PS-14, 14 BS-01, 15 BS-04, 16 MI-01, 17 MI-04, 18 MI-06,
-- 19 PR-01, 20 PR-02, 21 PR-05, 22 PR-08, 23 PR-09A, 24 PR-09B, 25 PR-09C, 26 PR-13. Shifts and ors have one precedence in
-- PostgreSQL, so every term stands in its own parentheses.
WITH masks AS (
SELECT c.id AS case_id,
       coalesce(t.h, 0) | coalesce(k.h, 0)
       | (CASE WHEN c.entry_on > date '2020-11-01'
                AND c.entry_manner IN ('without-admission', 'at-port') THEN 1 << 14 ELSE 0 END)
       | (CASE WHEN o.respondent_id IS NOT NULL THEN 1 << 15 ELSE 0 END)
       | (CASE WHEN c.entry_on + interval '10 years' <= %(as_of)s THEN 1 << 16 ELSE 0 END)
       | (CASE WHEN %(as_of)s < r.birth_date + interval '18 years'
                 OR b.born_by + interval '65 years' <= %(as_of)s THEN 1 << 17 ELSE 0 END)
       | (CASE WHEN r.protected_1367 THEN 1 << 18 ELSE 0 END)
       | (CASE WHEN c.custody = 'D' THEN 1 << 19 ELSE 0 END)
       | (CASE WHEN EXISTS (SELECT FROM unnest(c.individual_hearings_on) d
                             WHERE d BETWEEN %(as_of)s AND %(as_of)s::date + 30)
               THEN 1 << 20 ELSE 0 END)
       | (CASE WHEN c.family_links > 0 THEN 1 << 21 ELSE 0 END)
       | (CASE WHEN NOT c.represented THEN 1 << 22 ELSE 0 END)
       | (CASE WHEN m.fingerprint IN (0, 4) AND p.f & 6 <> 0 THEN 1 << 23 ELSE 0 END)
       | (CASE WHEN m.watchlist IN (0, 4) AND p.w & 6 <> 0 THEN 1 << 24 ELSE 0 END)
       | (CASE WHEN m.tecs = 0 AND p.e & 6 <> 0 THEN 1 << 25 ELSE 0 END)
       AS h,
       -- What records and indicators leave open; the checks behind them come below.
       coalesce(t.u, 0) | coalesce(k.u, 0)
       | (CASE WHEN (c.entry_on IS NULL AND (c.entry_manner IS NULL OR c.entry_manner <> 'admitted'))
                 OR (c.entry_on > date '2020-11-01' AND c.entry_manner IS NULL)
               THEN 1 << 14 ELSE 0 END)
       | (CASE WHEN o.respondent_id IS NULL AND r.a_number IS NULL THEN 1 << 15 ELSE 0 END)
       | (CASE WHEN c.entry_on IS NULL THEN 1 << 16 ELSE 0 END)
       | (CASE WHEN r.birth_date IS NULL THEN 1 << 17
               WHEN %(as_of)s < r.birth_date + interval '18 years' THEN 0
               WHEN b.born_by + interval '65 years' <= %(as_of)s THEN 0
               WHEN b.born_by + interval '18 years' <= %(as_of)s
                AND %(as_of)s < r.birth_date + interval '65 years' THEN 0
               ELSE 1 << 17 END)
       | (CASE WHEN r.protected_1367 IS NULL THEN (1 << 18) | (1 << 26) ELSE 0 END)
       | (CASE WHEN c.custody NOT IN ('D', 'R', 'N') THEN 1 << 19 ELSE 0 END)
       | (CASE WHEN c.individual_hearings_on IS NULL THEN 1 << 20 ELSE 0 END)
       | (CASE WHEN c.family_links IS NULL THEN 1 << 21 ELSE 0 END)
       | (CASE WHEN c.represented IS NULL THEN 1 << 22 ELSE 0 END)
       | (CASE WHEN m.fingerprint = 2 THEN 1 << 23 ELSE 0 END)
       | (CASE WHEN m.watchlist = 2 THEN 1 << 24 ELSE 0 END)
       | (CASE WHEN m.tecs = 2 THEN 1 << 25 ELSE 0 END)
       AS u,
       (CASE WHEN m.fingerprint = 3 THEN 1 << 23 ELSE 0 END)
       | (CASE WHEN m.watchlist = 3 THEN 1 << 24 ELSE 0 END)
       | (CASE WHEN m.tecs = 3 THEN 1 << 25 ELSE 0 END) AS s,
       m.fingerprint, m.watchlist, k.ids AS records, t.ids AS indicators
  FROM cases_case c
  JOIN cases_respondent r ON r.id = c.respondent_id
  CROSS JOIN LATERAL (SELECT CASE r.birth_precision
                WHEN 'day' THEN r.birth_date
                WHEN 'month' THEN (date_trunc('month', r.birth_date) + interval '1 month - 1 day')::date
                ELSE (date_trunc('year', r.birth_date) + interval '1 year - 1 day')::date
              END AS born_by) b
  LEFT JOIN (SELECT respondent_id FROM cases_case WHERE removal_ordered_on IS NOT NULL
              GROUP BY respondent_id) o ON o.respondent_id = r.id
  LEFT JOIN (
        SELECT respondent_id,
               max(x) FILTER (WHERE kind = 'fingerprint') AS f,
               max(x) FILTER (WHERE kind = 'watchlist') AS w,
               max(x) FILTER (WHERE kind = 'tecs') AS e
          FROM (SELECT respondent_id, kind,
                       ((completed_on - date '1900-01-01')::bigint << 45) | (id << 3)
                       | (CASE WHEN result = 'identical-derogatory' THEN 4 ELSE 0 END)
                       | (CASE WHEN result IN ('hit-unresolved', 'withheld-by-owner')
                               THEN 2 ELSE 0 END)
                       | (CASE WHEN expires_on IS NULL THEN 0 ELSE 1 END) AS x
                  FROM screening_backgroundcheck
                 WHERE completed_on <= %(as_of)s AND superseded_at IS NULL
                   AND kind IN ('fingerprint', 'watchlist', 'tecs')
                   AND result IN ('no-hit', 'hit-unresolved', 'not-identical',
                                  'identical-non-derogatory', 'identical-derogatory',
                                  'withheld-by-owner')) q
         GROUP BY respondent_id
       ) p ON p.respondent_id = r.id
  CROSS JOIN LATERAL (
        SELECT date '1900-01-01' + (p.f >> 45)::int AS f_on,
               date '1900-01-01' + (p.w >> 45)::int AS w_on,
               date '1900-01-01' + (p.e >> 45)::int AS e_on) y
  CROSS JOIN LATERAL (
        SELECT least((y.f_on + interval '15 months')::date,
                     CASE WHEN p.f & 1 = 1 THEN (SELECT expires_on FROM screening_backgroundcheck
                      WHERE id = (p.f >> 3) & 4398046511103) END) AS f_ends,
               least(y.w_on + 15,
                     CASE WHEN p.w & 1 = 1 THEN (SELECT expires_on FROM screening_backgroundcheck
                      WHERE id = (p.w >> 3) & 4398046511103) END) AS w_ends,
               least(y.e_on + 180,
                     CASE WHEN p.e & 1 = 1 THEN (SELECT expires_on FROM screening_backgroundcheck
                      WHERE id = (p.e >> 3) & 4398046511103) END) AS e_ends) z
  CROSS JOIN LATERAL (
        SELECT CASE WHEN p.f IS NULL THEN 2 WHEN z.f_ends <= %(as_of)s THEN 3
                    WHEN p.f & 2 <> 0 THEN 4 ELSE 0 END AS fingerprint,
               CASE WHEN p.w IS NULL THEN 2 WHEN z.w_ends <= %(as_of)s THEN 3
                    WHEN p.w & 2 <> 0 THEN 4 ELSE 0 END AS watchlist,
               CASE WHEN p.e IS NULL THEN 2 WHEN z.e_ends <= %(as_of)s THEN 3 ELSE 0 END
                   AS tecs) m
  LEFT JOIN (
        SELECT respondent_id, bit_or(h) AS h, bit_or(u) & ~bit_or(h) AS u,
               array_agg('c' || id) FILTER (WHERE h | u <> 0) AS ids
          FROM (SELECT q.respondent_id, q.id,
                 CASE WHEN q.aside THEN 1 << 26 ELSE
                   (CASE WHEN conv AND (family IN ('sexual-assault', 'smuggling')
                          OR (family = 'homicide' AND severity = 'felony')
                          OR (listed AND sentence_days >= 365)) THEN 1 << 3 ELSE 0 END)
                 | (CASE WHEN conv AND severity = 'felony' AND (violent OR family = 'weapons'
                          OR (armed AND weapon)) THEN 1 << 4 ELSE 0 END)
                 | (CASE WHEN conv AND family IN ('sexual-assault', 'sex-offence')
                         THEN 1 << 5 ELSE 0 END)
                 | (CASE WHEN conv AND family = 'family-offence' THEN 1 << 6 ELSE 0 END)
                 | (CASE WHEN conv AND family = 'drug-trafficking' THEN 1 << 7 ELSE 0 END)
                 | (CASE WHEN conv AND family = 'drug-possession' THEN 1 << 8 ELSE 0 END)
                 | (CASE WHEN conv AND family NOT IN ('smuggling', 'sexual-assault', 'sex-offence',
                          'drug-trafficking', 'drug-possession', 'family-offence',
                          'driving-under-influence', 'traffic') THEN 1 << 9 ELSE 0 END)
                 | (CASE WHEN conv AND family = 'driving-under-influence'
                          AND disposed_on + interval '5 years' > %(as_of)s
                         THEN 1 << 10 ELSE 0 END)
                 | (CASE WHEN disposition = 'pending' THEN 1 << 11 ELSE 0 END)
                 | (CASE WHEN disposition IS NULL THEN 1 << 12 ELSE 0 END)
                 END AS h,
                 CASE WHEN q.aside THEN 0 ELSE
                   (CASE WHEN conv AND ((family = 'homicide' AND severity = 'unknown')
                          OR (listed AND sentence_days IS NULL)) THEN 1 << 3 ELSE 0 END)
                 | (CASE WHEN conv AND ((severity = 'unknown' AND (violent OR family = 'weapons'))
                          OR (armed AND severity IN ('felony', 'unknown') AND weapon IS NOT FALSE))
                         THEN 1 << 4 ELSE 0 END)
                 | (CASE WHEN conv AND family = 'driving-under-influence' AND disposed_on IS NULL
                         THEN 1 << 10 ELSE 0 END)
                 END AS u
                 FROM (SELECT x.*,
                        disposition = 'convicted' AND vacated IS DISTINCT FROM 'legal-defect' AS conv,
                        family IN ('assault', 'robbery', 'kidnapping', 'arson', 'extortion',
                                   'burglary', 'larceny', 'stolen-vehicle', 'stolen-property',
                                   'forgery', 'bribery', 'obstruction') AS listed,
                        family IN ('homicide', 'kidnapping', 'sexual-assault', 'robbery', 'assault',
                                   'arson') AS violent,
                        family IN ('assault', 'robbery', 'extortion', 'burglary', 'public-order')
                            AS armed,
                        pr.protected_1367 IS TRUE AND source_relation IN ('spouse-or-parent',
                            'household-member', 'alleged-perpetrator') AS aside
                         FROM screening_criminalrecord x
                         JOIN cases_respondent pr ON pr.id = x.respondent_id
                        WHERE superseded_at IS NULL) q) w
         GROUP BY respondent_id
       ) k ON k.respondent_id = r.id
  LEFT JOIN (
        SELECT respondent_id, bit_or(h) AS h, bit_or(u) & ~bit_or(h) AS u,
               array_agg('t' || id) FILTER (WHERE h | u <> 0) AS ids
          FROM (SELECT q.respondent_id, q.id,
                 CASE WHEN aside THEN 1 << 26
                      WHEN resolution = 'identical-derogatory' THEN bit
                      WHEN resolution IN ('unresolved', 'withheld-by-owner') THEN 4 ELSE 0 END AS h,
                 CASE WHEN NOT aside AND resolution IN ('unresolved', 'withheld-by-owner')
                      THEN bit ELSE 0 END AS u
                 FROM (SELECT x.*, CASE WHEN category IN ('terrorism', 'espionage') THEN 1
                                        WHEN category = 'human-rights' THEN 2 ELSE 1 << 13 END AS bit,
                        pr.protected_1367 IS TRUE AND source_relation IN ('spouse-or-parent',
                            'household-member', 'alleged-perpetrator') AS aside
                         FROM screening_threatindicator x
                         JOIN cases_respondent pr ON pr.id = x.respondent_id
                        WHERE superseded_at IS NULL) q) w
         GROUP BY respondent_id
       ) t ON t.respondent_id = r.id
 WHERE c.status = 'pending' AND c.case_type IN ('RMV', 'DEP', 'EXC', 'AOC', 'WHO', '')
   AND c.asylum_filed_on <= %(as_of)s
OFFSET 0
), answers AS (
SELECT case_id, h, records, indicators,
       u | (CASE WHEN fingerprint IN (2, 4) THEN 8184 & ~(h | u) ELSE 0 END)
         | (CASE WHEN watchlist IN (2, 4) THEN 8199 & ~(h | u) ELSE 0 END) AS u,
       s | (CASE WHEN fingerprint = 3 THEN 8184 & ~(h | u) ELSE 0 END)
         | (CASE WHEN watchlist = 3 THEN 8199 & ~(h | u) ELSE 0 END) AS s
  FROM masks
OFFSET 0
)
SELECT case_id,
       CASE WHEN h & 3 <> 0 THEN 'not-flagged'
            WHEN h & 16568 <> 0 THEN CASE WHEN h & 458752 <> 0 THEN 'refer' ELSE 'not-flagged' END
            WHEN (u | s) & 58728444 <> 0 THEN 'insufficient'
            WHEN (h & 129548100 <> 0) OR ((u | s) & 70836227 <> 0) THEN 'refer'
            ELSE 'flagged' END AS outcome,
       h, u, s, coalesce(records || indicators, records, indicators, '{}') AS evidence
  FROM answers
