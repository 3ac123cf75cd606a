-- One row per meaning of the strings to derive: the record with its values, and later the catalogue's row for it.
WITH age AS MATERIALIZED (
    SELECT * FROM unnest(%(releases)s::bigint[], %(in_force)s::date[]) WITH ORDINALITY AS t (release_id, in_force, age)
),
record AS (
    SELECT id, kind, code, added, terminated, in_force, age
    FROM hcpcs_releaserecord JOIN age USING (release_id) {of_these}
    -- Added after the last day of use: never valid, so nobody's meaning.
    WHERE added IS NULL OR terminated IS NULL OR added <= terminated
),
step AS (
    SELECT *,
        lag(id) OVER one AS previous_id,
        lag(added) OVER one AS previous_added,
        lag(terminated) OVER one AS previous_terminated,
        lag(in_force) OVER one AS previous_in_force
    FROM record WINDOW one AS (PARTITION BY kind, code ORDER BY age)
),
mark AS (
    SELECT *,
        coalesce(added > previous_terminated, false) AS after_the_end,
        -- Listed as in force before the day that the string is now said to be added on, and described otherwise.
        CASE WHEN previous_added <= previous_in_force AND previous_in_force < added THEN (
            SELECT lower(earlier.long_description) <> lower(later.long_description)
            FROM hcpcs_releaserecord AS earlier, hcpcs_releaserecord AS later
            WHERE earlier.id = step.previous_id AND later.id = step.id
        ) ELSE false END AS after_an_unseen_end
    FROM step
),
counted AS (
    SELECT *,
        count(*) FILTER (WHERE after_the_end OR after_an_unseen_end) OVER one AS ordinal,
        CASE WHEN lead(after_an_unseen_end) OVER one AND NOT lead(after_the_end) OVER one
            THEN lead(added) OVER one - 1 END AS unseen_end
    FROM mark WINDOW one AS (PARTITION BY kind, code ORDER BY age)
),
meaning AS (
    SELECT DISTINCT ON (kind, code, ordinal)
        kind, code, ordinal, id AS record_id, unseen_end, age,
        coalesce(added, '-infinity') AS begins,
        coalesce(unseen_end, terminated, 'infinity') AS ends,
        min(age) OVER same AS first_age,
        min(coalesce(added, '-infinity')) OVER same AS earliest_added,
        max(coalesce(added, '-infinity')) OVER same AS latest_added
    FROM counted WINDOW same AS (PARTITION BY kind, code, ordinal)
    ORDER BY kind, code, ordinal, age DESC
),
-- A later correction may have moved a meaning over an earlier one: then they were one all along.
apart AS (
    SELECT *, coalesce(begins > max(ends) OVER (
        PARTITION BY kind, code ORDER BY begins, ends, ordinal ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), false) AS is_apart
    FROM meaning
),
grouped AS (
    SELECT *, count(*) FILTER (WHERE is_apart) OVER (PARTITION BY kind, code ORDER BY begins, ends, ordinal) AS island
    FROM apart
)
INSERT INTO derived_meaning
SELECT DISTINCT ON (kind, code, island)
    kind, code, island, record_id, unseen_end,
    (%(releases)s::bigint[])[min(first_age) OVER same],
    (%(releases)s::bigint[])[grouped.age],
    min(earliest_added) OVER same,
    max(latest_added) OVER same
FROM grouped WINDOW same AS (PARTITION BY kind, code, island)
ORDER BY kind, code, island, grouped.age DESC
