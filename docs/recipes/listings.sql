-- duckdb < listings.sql, beside https://register.example/data/files/listings.parquet
SELECT code, count(*) AS listings, min(effective_from) AS first_day
FROM 'listings.parquet'
WHERE status = 'current'
GROUP BY code
ORDER BY listings DESC
LIMIT 20;
