-- uses: persons
-- General relationship: of the cells level x function in which we know somebody, the share in which we are in touch.
select
    account_id,
    'general' as part,
    count(case when is_covered = 1 then 1 end) / nullif(cast(count(is_covered) as double), 0) as value,
    cast(sum(n_contacts) as bigint) as n,
    cast(sum(case when is_covered is not null then n_contacts end) as double)
    / nullif(cast(sum(n_contacts) as double), 0) as coverage
from (
    select
        account_id,
        level,
        function,
        count(*) as n_contacts,
        case when level is not null and function is not null then max(is_active) end as is_covered
    from persons
    group by account_id, level, function
) as cells
where (select count(*) from ties where contact_id is not null) > 0
group by account_id
