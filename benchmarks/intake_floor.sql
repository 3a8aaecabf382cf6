CREATE TEMPORARY TABLE day_of (text text PRIMARY KEY, value date NOT NULL) ON COMMIT DROP;
INSERT INTO day_of SELECT day::date::text, day::date
  FROM generate_series('1900-01-02'::timestamp, '2099-12-31', '1 day') AS day;
CREATE TEMPORARY TABLE time_of (text text PRIMARY KEY, value time NOT NULL) ON COMMIT DROP;
INSERT INTO time_of SELECT to_char(minute, 'HH24MI'), minute::time
  FROM generate_series('2000-01-01 00:01'::timestamp, '2000-01-01 23:59', '1 minute') AS minute;
CREATE TEMPORARY TABLE month_of (text text PRIMARY KEY, value date NOT NULL) ON COMMIT DROP;
INSERT INTO month_of SELECT DISTINCT to_char(month, format), month::date
  FROM generate_series('1900-01-01'::timestamp, '2099-12-01', '1 month') AS month,
       unnest(ARRAY['FMMM/YYYY', 'MM/YYYY']) AS format;
ANALYZE day_of; ANALYZE time_of; ANALYZE month_of;

-- children

CREATE TEMPORARY TABLE entry_of ON COMMIT DROP AS
SELECT code, CASE WHEN code ~* '^\(?237' THEN 0
                  WHEN code ~* '^\(?212\)?(\(a\)|a)\(?0?6\)?\(?A?\)?\(?i *\)?[^a-z0-9]*$' THEN 1
                  WHEN code ~* '^\(?212\)?(\(a\)|a)\(?0?7(?!\d)' THEN 2 END AS rank
  FROM (SELECT DISTINCT code FROM floor_cases_charge) c;
DELETE FROM entry_of WHERE rank IS NULL;
ANALYZE entry_of;
INSERT INTO floor_cases_court (id, code, name, office_id, circuit)
SELECT row_number() OVER (ORDER BY c.code), c.code, '', o.id, coalesce(o.circuit, '')
  FROM (SELECT DISTINCT base_city AS code FROM floor_cases_proceeding
         WHERE base_city ~ '^[A-Z]{3}$') c LEFT JOIN office_of o USING (code);

CREATE TEMPORARY TABLE person ON COMMIT DROP AS
SELECT s.idncase, i.a_number,
       coalesce(min(s.idncase) OVER (PARTITION BY i.a_number), s.idncase) AS id,
       max(s.idncase) OVER (PARTITION BY i.a_number) AS told_by
  FROM (SELECT "IDNCASE"::bigint AS idncase FROM staged_cases_case) s
  JOIN (SELECT idncase::bigint AS idncase, lpad(ltrim(a_number, 'A'), 9, '0') AS a_number
          FROM staged_identity) i USING (idncase);
INSERT INTO person
SELECT "IDNCASE"::bigint, NULL, "IDNCASE"::bigint, "IDNCASE"::bigint FROM staged_cases_case s
 WHERE NOT EXISTS (SELECT FROM staged_identity i WHERE i.idncase = s."IDNCASE");
ANALYZE person;

INSERT INTO floor_cases_respondent (
    id, a_number, family_name, given_names, aliases, birth_date, birth_precision, nationality,
    nationality_code, language_code, sex, fin, fbi_number, state_ids, protected_1367, juvenile,
    competency_indicia)
SELECT p.id, p.a_number, coalesce(i.family_name, ''), coalesce(i.given_names, ''),
       coalesce(string_to_array(i.aliases, ';'), '{}'),
       CASE WHEN i.birth_date IS NULL THEN m.value
            ELSE rpad(i.birth_date, 10, '-01-01')::date END,
       CASE length(i.birth_date) WHEN 10 THEN 'day' WHEN 7 THEN 'month' WHEN 4 THEN 'year'
            ELSE CASE WHEN m.value IS NOT NULL THEN 'month' END END,
       coalesce(i.nationality, n.iso), coalesce(s."NAT", ''), coalesce(s."LANG", ''),
       coalesce(i.sex, s."Sex", ''), coalesce(i.fin, ''), coalesce(i.fbi_number, ''),
       coalesce(string_to_array(i.state_ids, ';'), '{}'), i.protected_1367 = 'Y',
       i.juvenile = 'Y', i.competency_indicia = 'Y'
  FROM person p
  JOIN staged_cases_case s ON s."IDNCASE"::bigint = p.idncase
  LEFT JOIN staged_identity i ON i.idncase::bigint = p.idncase
  LEFT JOIN month_of m ON m.text = s."C_BIRTHDATE"
  LEFT JOIN iso_of n ON n.code = s."NAT"
 WHERE p.idncase = p.told_by
 ORDER BY p.id;

INSERT INTO floor_cases_case (
    idncase, respondent_id, case_type, custody, entry_on, filing_channel, counsel_since,
    latest_hearing_on, priority_code, update_site, court_id, office_id, status, charged_on, completed_on,
    removal_ordered_on, asylum_filed_on, entry_manner, represented, individual_hearings_on,
    family_links, other_applications)
SELECT p.idncase, p.id, coalesce(s."CASE_TYPE", ''), coalesce(s."CUSTODY", ''), entry.value,
       CASE s."C_ASY_TYPE" WHEN 'I' THEN 'affirmative' WHEN 'E' THEN 'defensive'
                           WHEN 'J' THEN 'other' END,
       counsel_since.value, latest.value, coalesce(s."CASEPRIORITY_CODE", ''),
       coalesce(s."UPDATE_SITE", ''), court.id, court.office_id,
       CASE WHEN standing.status <> 'pending' AND appealed.filed_on >= standing.completed_on
            THEN 'on-appeal' ELSE coalesce(standing.status, 'pending') END,
       first.charged_on,
       CASE WHEN standing.status <> 'pending' THEN standing.completed_on END,
       first.removal_ordered_on, asked.filed_on,
       (ARRAY['admitted', 'without-admission', 'at-port'])[charged.rank + 1],
       counsel_since.value IS NOT NULL OR counsel.idncase IS NOT NULL,
       coalesce(hearing.days, '{}'), coalesce(family.links, 0),
       coalesce(asked.others, '{}')
  FROM person p
  JOIN staged_cases_case s ON s."IDNCASE"::bigint = p.idncase
  LEFT JOIN day_of entry ON entry.text = left(s."DATE_OF_ENTRY", 10)
  LEFT JOIN day_of counsel_since ON counsel_since.text = left(s."E_28_DATE", 10)
  LEFT JOIN day_of latest ON latest.text = left(s."LATEST_HEARING", 10)
  LEFT JOIN (
        SELECT idncase, max(idnproceeding) AS idnproceeding, min(charged_on) AS charged_on,
               min(completed_on) FILTER (WHERE decision_code = 'X') AS removal_ordered_on
          FROM floor_cases_proceeding GROUP BY idncase
       ) first ON first.idncase = p.idncase
  LEFT JOIN (
        SELECT idnproceeding, base_city, completed_on,
               CASE WHEN decision_code <> '' THEN
                    CASE WHEN case_type = 'CFR' AND decision_code IN ('A', 'V') THEN 'other'
                    ELSE CASE decision_code
                         WHEN 'X' THEN 'removal-ordered' WHEN 'U' THEN 'dismissed'
                         WHEN 'T' THEN 'terminated' WHEN 'I' THEN 'terminated'
                         WHEN 'R' THEN 'granted' WHEN 'G' THEN 'granted' WHEN 'Q' THEN 'granted'
                         WHEN 'V' THEN 'voluntary-departure' WHEN 'W' THEN 'withdrawn'
                         WHEN 'A' THEN 'abandoned' WHEN 'E' THEN 'withholding'
                         WHEN 'Z' THEN 'withholding' WHEN 'H' THEN 'withholding'
                         ELSE 'other' END END
                    WHEN other_completion <> '' THEN
                    CASE WHEN other_completion IN ('C', 'T') THEN 'pending'
                         WHEN other_completion IN ('A', 'B', 'K', 'M', 'Y') THEN 'admin-closed'
                         WHEN other_completion = 'I' THEN 'terminated' ELSE 'other' END
                    ELSE 'pending' END AS status
          FROM floor_cases_proceeding
       ) standing ON standing.idnproceeding = first.idnproceeding
  LEFT JOIN floor_cases_court court ON court.code = standing.base_city
  LEFT JOIN (
        SELECT idncase, min(received_on) FILTER (WHERE code IN ('ASYL', 'ASYW')) AS filed_on,
               array_agg(DISTINCT code) FILTER (WHERE code NOT IN ('ASYL', 'ASYW')) AS others
          FROM floor_cases_application GROUP BY idncase
       ) asked ON asked.idncase = p.idncase
  LEFT JOIN (
        SELECT idncase, min(rank) AS rank FROM floor_cases_charge JOIN entry_of USING (code)
         GROUP BY idncase
       ) charged ON charged.idncase = p.idncase
  LEFT JOIN (
        SELECT DISTINCT idncase FROM floor_cases_representation
         WHERE level = 'COURT' AND side = 'ALIEN'
       ) counsel ON counsel.idncase = p.idncase
  LEFT JOIN (
        SELECT idncase, array_agg(DISTINCT hearing_on ORDER BY hearing_on) AS days
          FROM floor_cases_hearing WHERE calendar = 'I' AND hearing_on IS NOT NULL GROUP BY idncase
       ) hearing ON hearing.idncase = p.idncase
  LEFT JOIN (
        SELECT idncase, count(DISTINCT other) AS links
          FROM (SELECT lead_idncase AS idncase, rider_idncase AS other
                  FROM floor_cases_familylink WHERE active IS NOT FALSE AND severed_on IS NULL
                 UNION ALL
                SELECT rider_idncase, lead_idncase
                  FROM floor_cases_familylink WHERE active IS NOT FALSE AND severed_on IS NULL) l
         WHERE idncase <> other GROUP BY idncase
       ) family ON family.idncase = p.idncase
  LEFT JOIN (
        SELECT idncase, max(filed_on) AS filed_on FROM floor_cases_appeal
         WHERE decided_on IS NULL AND appeal_type NOT ILIKE 'bond%' GROUP BY idncase
       ) appealed ON appealed.idncase = p.idncase
 ORDER BY p.id
