-- uses: scores
-- Satisfaction: mean answer of two years, 0 to 1.
select
    account_id,
    'satisfaction' as part,
    cast(sum(score01) as double) / nullif(count(*), 0) as value,
    count(*) as n,
    cast(1 as double) as coverage
from scores
where date_diff('day', survey_date, cast($as_of as date)) < 730
group by account_id
