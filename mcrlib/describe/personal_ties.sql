-- uses: touches, key_contacts
-- Key persons of theirs in touch in the last three years, and how many of them met a single one of ours in accounts
-- where nothing joined the two organisations: no meeting on strategy, no visit of executives or of our showroom.
select
    met.account_id,
    cast(count(*) as bigint) as n_key,
    cast(sum(case when met.n_sellers = 1 and joined.account_id is null then 1 else 0 end) as bigint) as n_personal
from (
    select
        touches.account_id,
        coalesce(activity_contacts.contact_id, activities.contact_id) as contact_id,
        count(distinct touches.seller) as n_sellers
    from touches
    inner join activities on touches.activity_id = activities.activity_id
    left join activity_contacts on touches.activity_id = activity_contacts.activity_id
    where touches.age <= 1095 and touches.seller is not null
    group by touches.account_id, coalesce(activity_contacts.contact_id, activities.contact_id)
) as met
inner join key_contacts on met.contact_id = key_contacts.contact_id
left join (
    select distinct account_id
    from touches
    where age <= 1095 and activity_type in ('strategy_meeting', 'exec_visit', 'showroom')
) as joined on met.account_id = joined.account_id
group by met.account_id
order by met.account_id
