-- uses: touches
-- Touches of the last year by account and kind of activity, with the minutes that the log has. One of ours is one head:
-- two at the same meeting count twice.
select
    touches.account_id,
    coalesce(touches.activity_type, 'other') as activity_type,
    count(*) as n_touches,
    count(activities.duration_min) as n_timed,
    cast(sum(cast(activities.duration_min as decimal(18, 2))) as double) as minutes
from touches
inner join activities on touches.activity_id = activities.activity_id
where touches.account_id is not null and touches.age < 365
group by touches.account_id, coalesce(touches.activity_type, 'other')
order by account_id, activity_type
