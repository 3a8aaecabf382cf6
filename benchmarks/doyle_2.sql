-- doyle-2, version 2, written by hand as one statement: the floor that screening is timed against, and
-- an independent statement of the policy that tests hold it equal to. One bit a criterion, in the
-- policy's order:
--  0 NS-01    1 NS-02    2 NS-03    3 PS-01    4 PS-01A   5 PS-02    6 PS-03    7 PS-04    8 PS-05
--  9 PS-06   10 PS-06A  11 PS-07   12 PS-08   13 PS-08A  14 PS-08B  15 PS-09   16 PS-09A  17 PS-10
-- 18 PS-10A  19 PS-11   20 PS-12   21 PS-12A  22 PS-12B  23 PS-13   24 PS-13A  25 PS-14   26 PS-14A
-- 27 PS-15   28 PS-15A  29 PS-16   30 PS-17   31 BS-01   32 BS-02   33 BS-03   34 BS-04   35 MI-01
-- 36 MI-02   37 MI-03   38 MI-04   39 MI-05   40 MI-06   41 MI-06A  42 MI-07   43 MI-08   44 MI-08A
-- 45 PR-01   46 PR-02   47 PR-03   48 PR-04   49 PR-05   50 PR-06   51 PR-06A  52 PR-07   53 PR-08
-- 54 PR-09A  55 PR-09B  56 PR-09C  57 PR-09D  58 PR-09E  59 PR-11   60 PR-12   61 PR-13   62 PR-14
-- Shifts and ors have one precedence in PostgreSQL, so every term stands in its own parentheses.
-- Where a level is read more than once, OFFSET 0 keeps it from being worked out each time.
-- `offence_answer` has the table of the statutes as bits: offences.py fills it.
WITH masks AS (
SELECT c.id AS case_id,
       -- Bits 13 and 44 are not asked of records behind which no fresh check stands, and do not hold
       -- while a hit of it is open.
       (coalesce(k.h, 0) & (CASE WHEN m.fingerprint IN (2, 3, 4) THEN ~17592186052608 ELSE -1 END))
       | coalesce(t.h, 0)
       | (CASE WHEN y.found IS NULL THEN 0
               ELSE ((y.found & 134217725) << 33) | ((y.found & 2) << 9) END)
       | (CASE WHEN c.entry_manner = 'at-port' THEN 1::bigint << 32 ELSE 0 END)
       | (CASE WHEN c.entry_on > date '2020-11-01'
                AND c.entry_manner IN ('without-admission', 'at-port')
               THEN 1::bigint << 31 ELSE 0 END)
       | (CASE WHEN o.respondent_id IS NOT NULL THEN 1::bigint << 34 ELSE 0 END)
       | (CASE WHEN c.entry_on + interval '10 years' <= %(as_of)s THEN 1::bigint << 35 ELSE 0 END)
       | (CASE WHEN %(as_of)s < r.birth_date + interval '18 years'
                 OR b.born_by + interval '65 years' <= %(as_of)s
               THEN (1::bigint << 38) | (1::bigint << 51) ELSE 0 END)
       | (CASE WHEN r.protected_1367 THEN 1::bigint << 40 ELSE 0 END)
       | (CASE WHEN c.custody = 'D' THEN 1::bigint << 45 ELSE 0 END)
       | (CASE WHEN c.individual_hearings_on <> '{}'
                AND EXISTS (SELECT FROM unnest(c.individual_hearings_on) d
                             WHERE d BETWEEN %(as_of)s AND %(as_of)s::date + 30)
               THEN 1::bigint << 46 ELSE 0 END)
       | (CASE WHEN c.other_applications <> '{}'
                AND c.other_applications && '{42A,42B,SUSP,216}' THEN 1::bigint << 48 ELSE 0 END)
       | (CASE WHEN c.family_links > 0 THEN 1::bigint << 49 ELSE 0 END)
       | (CASE WHEN NOT c.represented THEN 1::bigint << 53 ELSE 0 END)
       | (CASE WHEN m.fingerprint IN (0, 4) AND p.f & 6 <> 0 THEN 1::bigint << 54 ELSE 0 END)
       | (CASE WHEN m.watchlist IN (0, 4) AND p.w & 6 <> 0 THEN 1::bigint << 55 ELSE 0 END)
       | (CASE WHEN m.tecs = 0 AND p.e & 6 <> 0 THEN 1::bigint << 56 ELSE 0 END)
       | (CASE WHEN p.n & 6 <> 0 THEN 1::bigint << 57 ELSE 0 END)
       | (CASE WHEN p.c & 6 <> 0 THEN 1::bigint << 58 ELSE 0 END)
       | (CASE WHEN %(as_of)s >= date '2020-11-24' AND %(as_of)s < date '2024-07-29'
                AND v.circuit = '6' THEN 1::bigint << 60 ELSE 0 END)
       AS h,
       -- What records and indicators leave open; the checks behind them come below.
       (coalesce(k.u, 0) & (CASE WHEN m.fingerprint IN (2, 3) THEN ~17592186052608 ELSE -1 END))
       | coalesce(t.u, 0)
       | (CASE WHEN m.fingerprint = 2 THEN 17592186052608
               WHEN m.fingerprint = 4 THEN coalesce(k.h, 0) & 17592186052608 ELSE 0 END)
       | (CASE WHEN y.interview IS NULL THEN 4653889122992128 ELSE 0 END)
       | (CASE WHEN y.file_review IS NULL THEN 577593257869968384 ELSE 0 END)
       | (CASE WHEN (c.entry_on IS NULL AND (c.entry_manner IS NULL OR c.entry_manner <> 'admitted'))
                 OR (c.entry_on > date '2020-11-01' AND c.entry_manner IS NULL)
               THEN 1::bigint << 31 ELSE 0 END)
       | (CASE WHEN c.entry_manner IS NULL THEN 1::bigint << 32 ELSE 0 END)
       | (CASE WHEN o.respondent_id IS NULL AND r.a_number IS NULL THEN 1::bigint << 34 ELSE 0 END)
       | (CASE WHEN c.entry_on IS NULL THEN 1::bigint << 35 ELSE 0 END)
       | (CASE WHEN r.birth_date IS NULL THEN (1::bigint << 38) | (1::bigint << 51)
               WHEN %(as_of)s < r.birth_date + interval '18 years' THEN 0
               WHEN b.born_by + interval '65 years' <= %(as_of)s THEN 0
               WHEN b.born_by + interval '18 years' <= %(as_of)s
                AND %(as_of)s < r.birth_date + interval '65 years' THEN 0
               ELSE (1::bigint << 38) | (1::bigint << 51) END)
       | (CASE WHEN r.protected_1367 IS NULL THEN (1::bigint << 40) | (1::bigint << 61) ELSE 0 END)
       | (CASE WHEN c.custody NOT IN ('D', 'R', 'N') THEN 1::bigint << 45 ELSE 0 END)
       | (CASE WHEN c.individual_hearings_on IS NULL THEN 1::bigint << 46 ELSE 0 END)
       | (CASE WHEN c.other_applications IS NULL THEN 1::bigint << 48 ELSE 0 END)
       | (CASE WHEN c.family_links IS NULL THEN 1::bigint << 49 ELSE 0 END)
       | (CASE WHEN c.represented IS NULL THEN 1::bigint << 53 ELSE 0 END)
       | (CASE WHEN m.fingerprint = 2 THEN 1::bigint << 54 ELSE 0 END)
       | (CASE WHEN m.watchlist = 2 THEN 1::bigint << 55 ELSE 0 END)
       | (CASE WHEN m.tecs = 2 THEN 1::bigint << 56 ELSE 0 END)
       | (CASE WHEN %(as_of)s >= date '2020-11-24' AND %(as_of)s < date '2024-07-29'
                AND coalesce(v.circuit, '') = '' THEN 1::bigint << 60 ELSE 0 END)
       | (CASE WHEN c.case_type = '' THEN 1::bigint << 62 ELSE 0 END)
       AS u,
       (CASE WHEN m.fingerprint = 3 THEN 17592186052608 | (1::bigint << 54) ELSE 0 END)
       | (CASE WHEN m.watchlist = 3 THEN 1::bigint << 55 ELSE 0 END)
       | (CASE WHEN m.tecs = 3 THEN 1::bigint << 56 ELSE 0 END) AS s,
       m.fingerprint, m.watchlist, k.ids AS records, t.ids AS indicators
  FROM cases_case c
  JOIN cases_respondent r ON r.id = c.respondent_id
  LEFT JOIN cases_court v ON v.id = c.court_id
  CROSS JOIN LATERAL (SELECT CASE r.birth_precision
                WHEN 'day' THEN r.birth_date
                WHEN 'month' THEN (date_trunc('month', r.birth_date) + interval '1 month - 1 day')::date
                ELSE (date_trunc('year', r.birth_date) + interval '1 year - 1 day')::date
              END AS born_by) b
  LEFT JOIN (SELECT respondent_id FROM cases_case WHERE removal_ordered_on IS NOT NULL
              GROUP BY respondent_id) o ON o.respondent_id = r.id
  LEFT JOIN (
        -- Of two forms of one kind the one recorded later counts. Bits from 33 on; PS-06A is at 1.
        SELECT respondent_id, max(x) FILTER (WHERE form = 'interview-1') AS interview,
               max(x) FILTER (WHERE form = 'file-review-1') AS file_review,
               (coalesce(max(x) FILTER (WHERE form = 'interview-1'), 0)
                | coalesce(max(x) FILTER (WHERE form = 'file-review-1'), 0)) & 134217727 AS found
          FROM (SELECT respondent_id, form, (id << 27) | (CASE WHEN present = '{}' THEN 0
                  WHEN form = 'interview-1' THEN
                      (CASE WHEN present && '{citizen-family,caregiver}' THEN 1 << 3 ELSE 0 END)
                    | (CASE WHEN 'service' = ANY (present) THEN 1 << 4 ELSE 0 END)
                    | (CASE WHEN present && '{health,pregnancy}' THEN 1 << 6 ELSE 0 END)
                    | (CASE WHEN 'rehabilitation' = ANY (present) THEN 1 << 10 ELSE 0 END)
                    | (CASE WHEN 'opposes' = ANY (present) THEN 1 << 14 ELSE 0 END)
                    | (CASE WHEN 'competency' = ANY (present) THEN 1 << 19 ELSE 0 END)
                  ELSE
                      (CASE WHEN present && '{fraud-finding,smuggling-finding}' THEN 1 ELSE 0 END)
                    | (CASE WHEN 'trafficker-belief' = ANY (present) THEN 1 << 1 ELSE 0 END)
                    | (CASE WHEN 'victim-or-witness' = ANY (present) THEN 1 << 8 ELSE 0 END)
                    | (CASE WHEN 'relief-pending' = ANY (present) THEN 1 << 9 ELSE 0 END)
                    | (CASE WHEN present && '{unaccompanied-child,special-juvenile}'
                            THEN 1 << 17 ELSE 0 END)
                    | (CASE WHEN present && '{deceased,departed,citizenship-claim}'
                            THEN 1 << 26 ELSE 0 END) END) AS x
                  FROM screening_completedform
                 WHERE completed_on <= %(as_of)s AND superseded_at IS NULL) q
         GROUP BY respondent_id
       ) y ON y.respondent_id = r.id
  LEFT JOIN (
        SELECT respondent_id,
               max(x) FILTER (WHERE kind = 'fingerprint') AS f,
               max(x) FILTER (WHERE kind = 'watchlist') AS w,
               max(x) FILTER (WHERE kind = 'tecs') AS e,
               max(x) FILTER (WHERE kind = 'fbi-name') AS n,
               max(x) FILTER (WHERE kind = 'state-court') AS c
          FROM (SELECT respondent_id, kind,
                       ((completed_on - date '1900-01-01')::bigint << 45) | (id << 3)
                       | (CASE WHEN result = 'identical-derogatory' THEN 4 ELSE 0 END)
                       | (CASE WHEN result IN ('hit-unresolved', 'withheld-by-owner')
                               THEN 2 ELSE 0 END)
                       | (CASE WHEN expires_on IS NULL THEN 0 ELSE 1 END) AS x
                  FROM screening_backgroundcheck
                 WHERE completed_on <= %(as_of)s AND superseded_at IS NULL
                   AND result IN ('no-hit', 'hit-unresolved', 'not-identical',
                                  'identical-non-derogatory', 'identical-derogatory',
                                  'withheld-by-owner')) q
         GROUP BY respondent_id
       ) p ON p.respondent_id = r.id
  CROSS JOIN LATERAL (
        SELECT date '1900-01-01' + (p.f >> 45)::int AS f_on,
               date '1900-01-01' + (p.w >> 45)::int AS w_on,
               date '1900-01-01' + (p.e >> 45)::int AS e_on) g
  CROSS JOIN LATERAL (
        SELECT least((g.f_on + interval '15 months')::date,
                     CASE WHEN p.f & 1 = 1 THEN (SELECT expires_on FROM screening_backgroundcheck
                      WHERE id = (p.f >> 3) & 4398046511103) END) AS f_ends,
               least(g.w_on + 15,
                     CASE WHEN p.w & 1 = 1 THEN (SELECT expires_on FROM screening_backgroundcheck
                      WHERE id = (p.w >> 3) & 4398046511103) END) AS w_ends,
               least(g.e_on + 180,
                     CASE WHEN p.e & 1 = 1 THEN (SELECT expires_on FROM screening_backgroundcheck
                      WHERE id = (p.e >> 3) & 4398046511103) END) AS e_ends) z
  CROSS JOIN LATERAL (
        SELECT CASE WHEN p.f IS NULL THEN 2 WHEN z.f_ends <= %(as_of)s THEN 3
                    WHEN p.f & 2 <> 0 THEN 4 ELSE 0 END AS fingerprint,
               CASE WHEN p.w IS NULL THEN 2 WHEN z.w_ends <= %(as_of)s THEN 3
                    WHEN p.w & 2 <> 0 THEN 4 ELSE 0 END AS watchlist,
               CASE WHEN p.e IS NULL THEN 2 WHEN z.e_ends <= %(as_of)s THEN 3 ELSE 0 END
                   AS tecs
        OFFSET 0) m
  LEFT JOIN (
        SELECT respondent_id, ids, h, u & ~h AS u
          FROM (SELECT respondent_id, ids,
                 h | (CASE WHEN turpitude = 1 AND petty = 0 AND NOT turpitude_open
                           THEN 1::bigint << 13 ELSE 0 END)
                   | (CASE WHEN turpitude_here > 1 THEN 1::bigint << 15 ELSE 0 END)
                   | (CASE WHEN convictions > 1 AND days >= 1825 THEN 1::bigint << 16 ELSE 0 END)
                   | (CASE WHEN driving > 1 THEN 1::bigint << 18 ELSE 0 END)
                   | (CASE WHEN convictions > 2 THEN 1::bigint << 27 ELSE 0 END)
                   -- No conviction of these years or without a date, nothing pending or undisposed.
                   | (CASE WHEN convictions > 0 AND h & 1572864 = 0 AND (h | u) & 268435456 = 0
                           THEN 1::bigint << 44 ELSE 0 END) AS h,
                 u | (CASE WHEN turpitude = 1 AND petty & 2 = 0 AND (petty <> 0 OR turpitude_open)
                           THEN 1::bigint << 13 ELSE 0 END)
                   | (CASE WHEN turpitude_here + turpitude_perhaps > 1 THEN 1::bigint << 15 ELSE 0 END)
                   | (CASE WHEN convictions > 1 AND days_open THEN 1::bigint << 16 ELSE 0 END)
                   | (CASE WHEN h & 1572864 = 0 AND u & 268435456 <> 0
                           THEN 1::bigint << 44 ELSE 0 END) AS u
                  FROM (SELECT respondent_id, bit_or(h) AS h, bit_or(u) AS u,
                               count(*) FILTER (WHERE conviction) AS convictions,
                               count(*) FILTER (WHERE a & 8192 <> 0) AS turpitude,
                               coalesce(bool_or(a & 536870912 <> 0), false) AS turpitude_open,
                               count(*) FILTER (WHERE h & 4096 <> 0) AS turpitude_here,
                               count(*) FILTER (WHERE u & 4096 <> 0) AS turpitude_perhaps,
                               count(*) FILTER (WHERE driving) AS driving,
                               sum(sentence_days) FILTER (WHERE conviction) AS days,
                               bool_or(conviction AND sentence_days IS NULL) AS days_open,
                               -- Of a crime of turpitude: 1 open, 2 more than petty.
                               bit_or(CASE WHEN a & 8192 = 0 THEN 0
                                 WHEN maximum_days > 365 OR sentence_days >= 185 THEN 2
                                 WHEN maximum_days IS NULL OR sentence_days IS NULL
                                      OR sentence_days > 180 THEN 1 ELSE 0 END) AS petty,
                               array_agg('c' || id) FILTER (WHERE h | u <> 0) AS ids
                          FROM (
                -- Level by level: the record, its offence, its bits.
                SELECT respondent_id, id, conviction, sentence_days, maximum_days, a,
                       conviction AND g & 131072 <> 0 AS driving,
                       CASE WHEN aside THEN 1::bigint << 61
                            WHEN conviction THEN
                              -- What the code and the family say: PS-01, -01A, -04 to -08, -08B.
                                (a & 5016)
                              | (CASE WHEN abroad THEN 1 << 23 ELSE g & 19328 END)
                              | (CASE WHEN a & 8 <> 0 AND sentence_days >= 1825 THEN 1 << 5 ELSE 0 END)
                              | (CASE WHEN g & 3 = 0 OR abroad THEN 0
                                      WHEN severity = 'felony' AND (g & 1 <> 0 OR (g & 2 <> 0 AND weapon))
                                      THEN 1 << 6 ELSE 0 END)
                              | (CASE WHEN g & 4 <> 0 AND victim_minor AND NOT abroad
                                      THEN 1 << 7 ELSE 0 END)
                              | (CASE WHEN disposed_on + interval '5 years' > %(as_of)s
                                      THEN (1 << 28) | (CASE WHEN abroad THEN 0 ELSE g & 131072 END)
                                      ELSE 0 END)
                              | (CASE WHEN vacated IS NULL THEN 0 ELSE 1 << 30 END)
                            WHEN disposition IS NULL THEN
                                (1 << 20)
                              | (CASE WHEN arrested_on + interval '10 years' <= %(as_of)s
                                      THEN 1 << 21 ELSE 0 END)
                            WHEN disposition = 'pending' THEN 1 << 19
                            WHEN disposition = 'diverted' THEN 1 << 22
                            WHEN disposition = 'juvenile-adjudication' THEN 1 << 29
                            WHEN disposition = 'convicted' THEN 1 << 30
                            ELSE 0 END AS h,
                       CASE WHEN conviction AND NOT aside THEN
                                ((a >> 16) & 5032)
                              | (CASE WHEN g & 3 = 0 OR abroad THEN 0
                                      WHEN severity IN ('felony', 'unknown')
                                       AND (g & 1 <> 0 OR weapon IS NOT FALSE)
                                      THEN 1 << 6 ELSE 0 END)
                              | (CASE WHEN g & 4 <> 0 AND victim_minor IS NULL AND NOT abroad
                                      THEN 1 << 7 ELSE 0 END)
                              | (CASE WHEN disposed_on IS NULL
                                      THEN (1 << 28) | (CASE WHEN abroad THEN 0 ELSE g & 131072 END)
                                      ELSE 0 END)
                            ELSE 0 END::bigint AS u
                  FROM (SELECT q.*, f.g, CASE WHEN conviction THEN
                                w.bits[1 + w.abroad * q.abroad::int
                                 + w.sentence * (CASE WHEN sentence_days IS NULL THEN 0
                                                      WHEN sentence_days < 365 THEN 1 ELSE 2 END)
                                 + w.maximum * (CASE WHEN maximum_days IS NULL THEN 0
                                                     WHEN maximum_days < 365 THEN 1 ELSE 2 END)
                                 + w.loss * (CASE WHEN loss_dollars IS NULL THEN 0
                                                  WHEN loss_dollars <= 10000 THEN 1 ELSE 2 END)
                                 + w.felony * (CASE severity WHEN 'unknown' THEN 0
                                                             WHEN 'felony' THEN 2 ELSE 1 END)
                                 + w.weapon * coalesce(q.weapon::int + 1, 0)
                                 + w.minor * coalesce(victim_minor::int + 1, 0)] ELSE 0 END AS a
                          FROM (SELECT id, respondent_id, family, severity, disposition, disposed_on,
                                       arrested_on, sentence_days, maximum_days, vacated,
                                       weapon, loss_dollars, victim_minor,
                                       place <> '' AND place NOT LIKE 'US%%' AS abroad,
                                       aside,
                                       NOT aside AND disposition = 'convicted'
                                         AND vacated IS DISTINCT FROM 'legal-defect' AS conviction,
                                       CASE WHEN ncic IN (SELECT offence FROM offence_answer)
                                            THEN ncic ELSE family END AS offence
                                  FROM (SELECT *, source_relation IN ('spouse-or-parent',
                                                 'household-member', 'alleged-perpetrator')
                                               AND respondent_id IN (SELECT id FROM cases_respondent
                                                                      WHERE protected_1367) AS aside
                                          FROM screening_criminalrecord
                                         WHERE superseded_at IS NULL OFFSET 0) x
                                 WHERE aside OR disposition IS NULL
                                    OR disposition IN ('convicted', 'pending', 'diverted',
                                                       'juvenile-adjudication')
                                OFFSET 0) q
                          JOIN offence_answer w ON w.offence = q.offence
                          -- What the policy asks of a family: 1 a felony, 2 a felony with a weapon,
                          -- 4 with a minor as victim, the rest where the criterion is.
                          JOIN (VALUES ('security', 1 << 14), ('immigration', 1 << 14),
                            ('smuggling', 1 << 14), ('homicide', (1 << 14) | 1),
                            ('kidnapping', (1 << 14) | 4 | 1), ('sexual-assault', (1 << 7) | 1),
                            ('robbery', (1 << 14) | 2 | 1), ('assault', (1 << 14) | 2 | 1),
                            ('arson', (1 << 14) | 1), ('extortion', (1 << 14) | 2),
                            ('burglary', (1 << 14) | 2), ('larceny', 1 << 14),
                            ('stolen-vehicle', 1 << 14), ('forgery', 1 << 14), ('fraud', 1 << 14),
                            ('stolen-property', 1 << 14), ('damage', 1 << 14),
                            ('drug-trafficking', 1 << 9), ('drug-possession', 1 << 11),
                            ('sex-offence', 1 << 7), ('obscenity', (1 << 14) | 4),
                            ('family-offence', 1 << 8), ('gambling', 1 << 14),
                            ('prostitution', (1 << 14) | 4), ('liquor', 1 << 14),
                            ('driving-under-influence', 1 << 17), ('obstruction', 1 << 14),
                            ('bribery', 1 << 14), ('weapons', (1 << 14) | 1),
                            ('public-order', (1 << 14) | 2), ('traffic', 0), ('other', 1 << 14)
                          ) f (family, g) ON f.family = q.family
                        OFFSET 0) q
                        OFFSET 0) q
                 GROUP BY respondent_id) q
                OFFSET 0) q
       ) k ON k.respondent_id = r.id
  LEFT JOIN (
        SELECT respondent_id, bit_or(h) AS h, bit_or(u) & ~bit_or(h) AS u,
               array_agg('t' || id) FILTER (WHERE h | u <> 0) AS ids
          FROM (SELECT q.respondent_id, q.id,
                 CASE WHEN aside THEN 1::bigint << 61
                      WHEN resolution = 'identical-derogatory' THEN bit
                      WHEN resolution IN ('unresolved', 'withheld-by-owner') THEN 4 ELSE 0 END AS h,
                 CASE WHEN NOT aside AND resolution IN ('unresolved', 'withheld-by-owner')
                      THEN bit ELSE 0 END::bigint AS u
                 FROM (SELECT x.*, CASE category WHEN 'terrorism' THEN 1 WHEN 'espionage' THEN 1
                                     WHEN 'human-rights' THEN 2 WHEN 'interpol-notice' THEN 1 << 24
                                     WHEN 'gang' THEN 1 << 25 ELSE 1 << 26 END AS bit,
                        source_relation IN ('spouse-or-parent', 'household-member',
                                            'alleged-perpetrator')
                        AND respondent_id IN (SELECT id FROM cases_respondent
                                               WHERE protected_1367) AS aside
                         FROM screening_threatindicator x
                        WHERE superseded_at IS NULL OFFSET 0) q
                OFFSET 0) w
         WHERE h | u <> 0
         GROUP BY respondent_id
       ) t ON t.respondent_id = r.id
 WHERE c.status = 'pending' AND c.case_type IN ('RMV', 'DEP', 'EXC', 'AOC', 'WHO', '')
   AND c.asylum_filed_on <= %(as_of)s
OFFSET 0
), answers AS (
SELECT case_id, h, records, indicators,
       u | (CASE WHEN fingerprint IN (2, 4) THEN 2030033912 & ~(h | u) ELSE 0 END)
         | (CASE WHEN watchlist IN (2, 4) THEN 117440519 & ~(h | u) ELSE 0 END) AS u,
       s | (CASE WHEN fingerprint = 3 THEN 2030033912 & ~(h | u) ELSE 0 END)
         | (CASE WHEN watchlist = 3 THEN 117440519 & ~(h | u) ELSE 0 END) AS s
  FROM masks
OFFSET 0
)
SELECT case_id,
       CASE WHEN h & 3 <> 0 THEN 'not-flagged'
            WHEN h & 6442549992 <> 0
            THEN CASE WHEN h & 17557826306048 <> 0 THEN 'refer' ELSE 'not-flagged' END
            WHEN (u | s) & 5746874608105807836 <> 0 THEN 'insufficient'
            WHEN (h & 9210951979408973076 <> 0) OR ((u | s) & 3459433040629989411 <> 0) THEN 'refer'
            ELSE 'flagged' END AS outcome,
       h, u, s, coalesce(records || indicators, records, indicators, '{}') AS evidence
  FROM answers
