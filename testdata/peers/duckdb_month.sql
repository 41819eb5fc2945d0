-- The month as DuckDB sees it: only the columns that are needed, and the price of a kWh written down here.
-- Amounts are whole millionths, energy whole watt-hours, so that sums are exact: 0.419 a kWh is 419 millionths a Wh.

CREATE TEMP VIEW cdr_record AS -- a CDR that was sent twice is one CDR
SELECT DISTINCT country_code, party_id, lower(id) AS cdr_id, lower(session_id) AS session_id, currency,
  CAST(round(1000 * list_sum(list_transform(charging_periods, lambda p:
    list_sum(list_transform(p.dimensions, lambda d: if(d."type" = 'ENERGY', d.volume, 0)))))) AS BIGINT) AS wh,
  if(credit OR credit_reference_id IS NOT NULL, -419, 419) * wh AS recomputed
FROM read_json(getvariable('month') || '/cdrs.ndjson', format = 'newline_delimited', columns = {
  country_code: 'VARCHAR', party_id: 'VARCHAR', id: 'VARCHAR', session_id: 'VARCHAR', currency: 'VARCHAR',
  credit: 'BOOLEAN', credit_reference_id: 'VARCHAR',
  charging_periods: 'STRUCT(dimensions STRUCT("type" VARCHAR, volume DOUBLE)[])[]'});

CREATE TEMP VIEW invoice_line AS
SELECT country_code, party_id, lower(cdr_id) AS cdr_id, lower(session_id) AS session_id, currency,
  CAST(round(1000000 * amount_excl_vat) AS BIGINT) AS claimed
FROM read_csv(getvariable('month') || '/invoice.csv', auto_detect = false, header = true, columns = {
  invoice_id: 'VARCHAR', line: 'VARCHAR', invoice_date: 'VARCHAR', country_code: 'VARCHAR', party_id: 'VARCHAR', cdr_id: 'VARCHAR',
  session_id: 'VARCHAR', start: 'VARCHAR', kwh: 'VARCHAR', amount_excl_vat: 'DOUBLE', vat: 'VARCHAR', amount_incl_vat: 'VARCHAR',
  currency: 'VARCHAR', status: 'VARCHAR', reason: 'VARCHAR'});

CREATE TEMP VIEW session AS -- whose energy is final
SELECT country_code, party_id, lower(id) AS session_id, CAST(round(1000 * kwh) AS BIGINT) AS wh
FROM read_json(getvariable('month') || '/sessions.ndjson', format = 'newline_delimited', columns = {
  country_code: 'VARCHAR', party_id: 'VARCHAR', id: 'VARCHAR', kwh: 'DOUBLE', status: 'VARCHAR'})
WHERE status NOT IN ('ACTIVE', 'PENDING');

CREATE TEMP VIEW matched AS -- by the id of the CDR; where the line has none, by that of the session
WITH cdr AS (FROM cdr_record), line AS (FROM invoice_line)
SELECT cdr.*, line.claimed FROM line JOIN cdr USING (country_code, party_id, currency, cdr_id)
UNION ALL
SELECT cdr.*, line.claimed FROM line JOIN cdr USING (country_code, party_id, currency, session_id) WHERE line.cdr_id IS NULL;
