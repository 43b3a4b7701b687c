# Words for the lists of a report. The codes are crates/report/src/vocabulary.rs; the words are ours.

## What was done
act-life = Life: killing, threats to life
act-personal-integrity = Body and mind: beating, torture, rape
act-liberty = Arrest, detention, abduction
act-privacy = Privacy: searches, surveillance
act-movement = Movement and place of residence
act-equality = Equality of women and men
act-family = Marriage and family
act-reproduction = Decisions about having children
act-information = Access to information
act-expression = Speech and press
act-belief = Belief and opinion
act-association = Organisations, meetings, protests
act-property = Property
act-reputation = Reputation
act-creativity = Art and creative work
act-science = Benefits of science
act-political-participation = Elections and public life
act-labour = Work and strikes
act-children = Rights of children
act-ageing = Rights of older people
act-aliens = Rights of foreigners
act-disability = Rights of people with disabilities
act-accused = Rights of the accused, fair trial
act-detained = Treatment in detention or prison
act-minorities = Rights of minorities
act-refugees = Rights of refugees
act-social-security = Pensions and benefits
act-housing = Housing, eviction
act-food = Food
act-health = Health and medical care
act-education = Education
act-environment = Environment

## To whom
victim-individual = One person
victim-family = A family
victim-group = A group or organisation
victim-community = A community, such as a village
victim-social-group = People in the same situation
victim-people-in-general = The public

## By whom
perpetrator-governmental = The state: police, officials, army, courts
perpetrator-non-governmental = A group outside the state
perpetrator-occupying-forces = Occupying forces
perpetrator-private-powerful = Private people with power
perpetrator-commercial = A business
perpetrator-international-financial-institution = An international financial institution
perpetrator-other = Someone else
perpetrator-unknown = Not known

## How reliable
reliability-highly-reliable = Very reliable
reliability-likely-reliable = Probably reliable
reliability-unsure = Unsure
reliability-likely-unreliable = Probably unreliable
reliability-highly-unreliable = Very unreliable
reliability-unknown = Not known

## How soon
severity-urgent = Urgent: someone is in danger
severity-high = High: within days
severity-priority = Important
severity-low = Low: when there is time

## How exact a date is
precision-day = The day is known
precision-month = The month is known
precision-year = The year is known
precision-estimate = About then

## When in the day
part-of-day-morning = Morning
part-of-day-afternoon = Afternoon
part-of-day-evening = Evening
part-of-day-night = Night
