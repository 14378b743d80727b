-- uses: touches
-- Touches of the last year by account, person of ours and kind of activity, with the minutes that the log has and what
-- an hour of the person costs. One of ours is one head: two at the same meeting count twice.
select
    served.*,
    cast(owners.cost_rate as double) as cost_rate,
    case when owners.role in ('manager', 'exec', 'other') then 0 else 1 end as is_head,
    greatest(
        0,
        least(365, coalesce(date_diff('day', owners.hired_date, cast($as_of as date)), 365))
        - greatest(0, coalesce(date_diff('day', owners.left_date, cast($as_of as date)), 0))
    ) / cast(365 as double) as year_share
from (
    select
        touches.account_id,
        touches.seller as owner_id,
        coalesce(touches.activity_type, 'other') as activity_type,
        count(*) as n_touches,
        count(activities.duration_min) as n_timed,
        cast(sum(cast(activities.duration_min as decimal(18, 2))) as double) as minutes
    from touches
    inner join activities on touches.activity_id = activities.activity_id
    where touches.account_id is not null and touches.age < 365
    group by touches.account_id, touches.seller, coalesce(touches.activity_type, 'other')
) as served
left join owners on served.owner_id = owners.owner_id
order by account_id, owner_id, activity_type
