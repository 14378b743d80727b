-- uses: persons
-- Key relationship: support of the key persons by their weight in decisions; where no support is recorded, the share of
-- them we are in touch with, at half coverage because it is a stand-in.
select
    account_id,
    'key' as part,
    case
        when count(support) > 0
            then cast(sum(power * support) as double)
                / nullif(cast(sum(case when support is not null then power end) as double), 0)
        when (select count(*) from ties where contact_id is not null) > 0
            then cast(sum(power * is_active) as double) / nullif(cast(sum(power) as double), 0)
    end as value,
    count(*) as n,
    case when count(support) > 0 then count(support) / nullif(cast(count(*) as double), 0) else cast(0.5 as double)
    end as coverage,
    case when count(support) > 0 then 'recorded' else 'proxy' end as basis
from persons
where is_key = 1
group by account_id
