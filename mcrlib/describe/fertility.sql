-- uses: part_key, part_service, part_delivery, part_satisfaction, part_risk
-- The parts of fertility that rows tell, one row per account and part that the data give.
select
    account_id,
    part,
    cast(value as double) as value,
    cast(n as bigint) as n,
    cast(coverage as double) as coverage,
    basis
from (
    select account_id, part, value, n, coverage, basis from part_key
    union all
    select account_id, part, value, n, coverage, 'recorded' from part_service
    union all
    select account_id, part, value, n, coverage, 'recorded' from part_delivery
    union all
    select account_id, part, value, n, coverage, 'recorded' from part_satisfaction
    union all
    select account_id, part, value, n, coverage, 'recorded' from part_risk
) as parts
where value is not null
order by account_id, part
