-- Service: share of the cases of two years that were settled in time (1, 3, 7, 14 days by severity; proposed). Cases that
-- are still within their time do not count yet. A customer without cases has no value here, not a zero.
select
    account_id,
    'service' as part,
    count(case when days <= allowed and is_closed = 1 then 1 end) / nullif(cast(count(*) as double), 0) as value,
    count(*) as n,
    count(severity) / nullif(cast(count(*) as double), 0) as coverage
from (
    select
        account_id,
        severity,
        case when closed_date <= cast($as_of as date) then 1 else 0 end as is_closed,
        date_diff(
            'day', opened_date,
            case when closed_date <= cast($as_of as date) then closed_date else cast($as_of as date) end
        ) as days,
        case severity when 1 then 1 when 2 then 3 when 3 then 7 else 14 end as allowed
    from cases
    where opened_date <= cast($as_of as date) and date_diff('day', opened_date, cast($as_of as date)) < 730
) as handled
where is_closed = 1 or days > allowed
group by account_id
