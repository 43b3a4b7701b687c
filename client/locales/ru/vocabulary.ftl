# Слова для списков в сообщении. Коды — в crates/report/src/vocabulary.rs, слова — наши.

## Что было сделано
act-life = Жизнь: убийство, угроза жизни
act-personal-integrity = Неприкосновенность личности: избиение, пытки, изнасилование
act-liberty = Арест, задержание, похищение
act-privacy = Частная жизнь: обыск, слежка
act-movement = Передвижение и место жительства
act-equality = Равенство женщин и мужчин
act-family = Брак и семья
act-reproduction = Решения о рождении детей
act-information = Доступ к информации
act-expression = Свобода слова и печати
act-belief = Вера и убеждения
act-association = Организации, собрания, протесты
act-property = Собственность
act-reputation = Доброе имя
act-creativity = Искусство и творчество
act-science = Достижения науки
act-political-participation = Выборы и общественная жизнь
act-labour = Труд и забастовки
act-children = Права детей
act-ageing = Права пожилых людей
act-aliens = Права иностранцев
act-disability = Права людей с инвалидностью
act-accused = Права обвиняемых, справедливый суд
act-detained = Обращение с людьми под стражей и в тюрьме
act-minorities = Права меньшинств
act-refugees = Права беженцев
act-social-security = Пенсии и пособия
act-housing = Жильё, выселение
act-food = Питание
act-health = Здоровье и медицинская помощь
act-education = Образование
act-environment = Окружающая среда

## С кем
victim-individual = Один человек
victim-family = Семья
victim-group = Группа или организация
victim-community = Община, например село
victim-social-group = Люди в одинаковом положении
victim-people-in-general = Население

## Кем
perpetrator-governmental = Государство: полиция, чиновники, армия, суд
perpetrator-non-governmental = Негосударственная группа
perpetrator-occupying-forces = Оккупационные силы
perpetrator-private-powerful = Влиятельные частные лица
perpetrator-commercial = Компания
perpetrator-international-financial-institution = Международная финансовая организация
perpetrator-other = Кто-то другой
perpetrator-unknown = Неизвестно

## Насколько надёжно
reliability-highly-reliable = Очень надёжно
reliability-likely-reliable = Скорее надёжно
reliability-unsure = Трудно сказать
reliability-likely-unreliable = Скорее ненадёжно
reliability-highly-unreliable = Совсем ненадёжно
reliability-unknown = Неизвестно

## Насколько срочно
severity-urgent = Срочно: кто-то в опасности
severity-high = Высокая: в ближайшие дни
severity-priority = Важно
severity-low = Низкая: когда будет время

## Насколько точна дата
precision-day = Известен день
precision-month = Известен месяц
precision-year = Известен год
precision-estimate = Примерная дата

## Когда в течение дня
part-of-day-morning = Утро
part-of-day-afternoon = День
part-of-day-evening = Вечер
part-of-day-night = Ночь
