# Хабарлама тізімдерінің сөздері. Кодтары crates/report/src/vocabulary.rs файлында, сөздері — біздікі.

## Не істелді
act-life = Өмір: кісі өлтіру, өмірге қауіп төндіру
act-personal-integrity = Жеке басқа қол сұғу: ұрып-соғу, азаптау, зорлау
act-liberty = Қамауға алу, ұстау, адам ұрлау
act-privacy = Жеке өмір: тінту, аңду
act-movement = Жүріп-тұру және тұрғылықты жер
act-equality = Әйелдер мен ерлердің теңдігі
act-family = Неке және отбасы
act-reproduction = Бала туу туралы шешімдер
act-information = Ақпаратқа қол жеткізу
act-expression = Сөз және баспасөз бостандығы
act-belief = Наным-сенім және көзқарас
act-association = Ұйымдар, жиналыстар, наразылықтар
act-property = Меншік
act-reputation = Абырой мен бедел
act-creativity = Өнер және шығармашылық
act-science = Ғылым жетістіктері
act-political-participation = Сайлау және қоғамдық өмір
act-labour = Еңбек және ереуіл
act-children = Бала құқықтары
act-ageing = Егде адамдардың құқықтары
act-aliens = Шетелдіктердің құқықтары
act-disability = Мүгедектігі бар адамдардың құқықтары
act-accused = Айыпталушылардың құқықтары, әділ сот
act-detained = Қамаудағы немесе түрмедегі адамдармен қарым-қатынас
act-minorities = Азшылықтардың құқықтары
act-refugees = Босқындардың құқықтары
act-social-security = Зейнетақы және жәрдемақы
act-housing = Тұрғын үй, үйден шығару
act-food = Азық-түлік
act-health = Денсаулық және медициналық көмек
act-education = Білім алу
act-environment = Қоршаған орта

## Кімге қарсы
victim-individual = Бір адам
victim-family = Отбасы
victim-group = Топ немесе ұйым
victim-community = Қауым, мысалы ауыл
victim-social-group = Жағдайы бірдей адамдар
victim-people-in-general = Жалпы халық

## Кім жасады
perpetrator-governmental = Мемлекет: полиция, шенеуніктер, әскер, сот
perpetrator-non-governmental = Мемлекеттік емес топ
perpetrator-occupying-forces = Оккупациялық күштер
perpetrator-private-powerful = Ықпалды жеке адамдар
perpetrator-commercial = Компания
perpetrator-international-financial-institution = Халықаралық қаржы ұйымы
perpetrator-other = Басқа біреу
perpetrator-unknown = Белгісіз

## Қаншалықты сенімді
reliability-highly-reliable = Өте сенімді
reliability-likely-reliable = Сенімді болса керек
reliability-unsure = Айту қиын
reliability-likely-unreliable = Сенімсіз болса керек
reliability-highly-unreliable = Мүлде сенімсіз
reliability-unknown = Белгісіз

## Қаншалықты шұғыл
severity-urgent = Шұғыл: біреуге қауіп төніп тұр
severity-high = Жоғары: таяу күндерде
severity-priority = Маңызды
severity-low = Төмен: уақыт болғанда

## Күні қаншалықты дәл
precision-day = Күні белгілі
precision-month = Айы белгілі
precision-year = Жылы белгілі
precision-estimate = Шамамен сол кезде

## Тәуліктің қай кезінде
part-of-day-morning = Таңертең
part-of-day-afternoon = Түстен кейін
part-of-day-evening = Кешке
part-of-day-night = Түнде
