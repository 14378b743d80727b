-- Cases that are open at the date beyond the time that their severity allows (1, 3, 7, 14 days; proposed).
select
    account_id,
    count(*) as n_overdue,
    max(days) as oldest_days
from (
    select
        account_id,
        date_diff('day', opened_date, cast($as_of as date)) as days,
        case severity when 1 then 1 when 2 then 3 when 3 then 7 else 14 end as allowed
    from cases
    where opened_date <= cast($as_of as date) and (closed_date is null or closed_date > cast($as_of as date))
) as waiting
where days > allowed
group by account_id
order by account_id
