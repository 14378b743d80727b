-- uses: touches
-- How strongly each of our people is tied to each of theirs at the as-of date. A touch counts by its kind (an executive
-- visit 5, an e-mail 0.5), half if it went out only, and half as much every 90 days. All proposed.
-- Touches with nobody of theirs named have an empty contact: they count as effort, not as breadth.
select
    account_id,
    contact_id,
    seller,
    sum(weight) as engagement,
    max(case when age < 180 and direction <> 'out' then 1 else 0 end) as is_two_way
from (
    select
        touches.account_id,
        coalesce(activity_contacts.contact_id, activities.contact_id, activities.contact_name) as contact_id,
        touches.seller,
        touches.age,
        coalesce(touches.direction, 'two_way') as direction,
        cast(
            case touches.activity_type
                when 'strategy_meeting' then 5
                when 'exec_visit' then 5
                when 'visit' then 3
                when 'meeting' then 2
                when 'demo' then 2
                when 'showroom' then 2
                when 'service_visit' then 2
                when 'wechat' then 0.7
                when 'email' then 0.5
                when 'survey' then 0.5
                else 1
            end
            * case when touches.direction = 'out' then 0.5 else 1 end
            * power(cast(2 as double), -touches.age / cast(90 as double)) as decimal(18, 10)
        ) as weight
    from touches
    inner join activities on touches.activity_id = activities.activity_id
    left join activity_contacts on touches.activity_id = activity_contacts.activity_id
) as weighed
group by account_id, contact_id, seller
