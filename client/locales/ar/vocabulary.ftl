# كلمات القوائم في البلاغ. الرموز في crates/report/src/vocabulary.rs، والكلمات لنا.

## ما الذي ارتُكب
act-life = الحياة: القتل وتهديد الحياة
act-personal-integrity = السلامة الجسدية والنفسية: الضرب والتعذيب والاغتصاب
act-liberty = الاعتقال والاحتجاز والاختطاف
act-privacy = الخصوصية: التفتيش والمراقبة
act-movement = حرية التنقل ومكان الإقامة
act-equality = المساواة بين النساء والرجال
act-family = الزواج والأسرة
act-reproduction = القرارات المتعلقة بالإنجاب
act-information = الوصول إلى المعلومات
act-expression = حرية التعبير والصحافة
act-belief = المعتقد والرأي
act-association = الجمعيات والتجمعات والاحتجاجات
act-property = الملكية
act-reputation = السمعة
act-creativity = الفن والعمل الإبداعي
act-science = فوائد العلم
act-political-participation = الانتخابات والحياة العامة
act-labour = العمل والإضراب
act-children = حقوق الطفل
act-ageing = حقوق كبار السن
act-aliens = حقوق الأجانب
act-disability = حقوق الأشخاص ذوي الإعاقة
act-accused = حقوق المتهمين والمحاكمة العادلة
act-detained = المعاملة في الاحتجاز أو السجن
act-minorities = حقوق الأقليات
act-refugees = حقوق اللاجئين
act-social-security = المعاشات والإعانات
act-housing = السكن والإخلاء القسري
act-food = الغذاء
act-health = الصحة والرعاية الطبية
act-education = التعليم
act-environment = البيئة

## بحقّ من
victim-individual = شخص واحد
victim-family = أسرة
victim-group = مجموعة أو منظمة
victim-community = مجتمع محلي، مثل قرية
victim-social-group = أشخاص في الوضع نفسه
victim-people-in-general = عامة الناس

## من فعل ذلك
perpetrator-governmental = الدولة: الشرطة والموظفون والجيش والمحاكم
perpetrator-non-governmental = جماعة لا تتبع الدولة
perpetrator-occupying-forces = قوات احتلال
perpetrator-private-powerful = أفراد ذوو نفوذ
perpetrator-commercial = شركة
perpetrator-international-financial-institution = مؤسسة مالية دولية
perpetrator-other = جهة أخرى
perpetrator-unknown = غير معروف

## مدى الموثوقية
reliability-highly-reliable = موثوق جدًّا
reliability-likely-reliable = موثوق على الأرجح
reliability-unsure = غير مؤكد
reliability-likely-unreliable = غير موثوق على الأرجح
reliability-highly-unreliable = غير موثوق إطلاقًا
reliability-unknown = غير معروف

## مدى الاستعجال
severity-urgent = عاجل: هناك من هو في خطر
severity-high = أولوية عالية: خلال أيام
severity-priority = مهم
severity-low = أولوية منخفضة: عند توفر الوقت

## مدى دقة التاريخ
precision-day = اليوم معروف
precision-month = الشهر معروف
precision-year = السنة معروفة
precision-estimate = تاريخ تقريبي

## في أي وقت من اليوم
part-of-day-morning = صباحًا
part-of-day-afternoon = بعد الظهر
part-of-day-evening = مساءً
part-of-day-night = ليلًا
