import type { Random } from "./random.ts";

export type Language = "zh" | "en";

/** What a category sells: words for titles and reviews, prices in minor units, how its goods are returned. */
export interface Category {
  readonly name: string;
  readonly weight: number;
  readonly priceMedian: number;
  /** Share of orders returned because the size does not fit. */
  readonly size: number;
  readonly zh: Words;
  readonly en: Words;
}

export interface Words {
  /** In the same order in both languages. */
  readonly nouns: readonly string[];
  readonly kinds: readonly string[];
  readonly specs: readonly string[];
  /** What is good about such goods when they are good, and bad when they are bad. */
  readonly praise: readonly string[];
  readonly blame: readonly string[];
  readonly uses: readonly string[];
}

export const categories: readonly Category[] = [
  {
    name: "home",
    weight: 13,
    priceMedian: 8_900,
    size: 0.008,
    zh: {
      nouns: ["浴巾", "台灯", "收纳箱", "抱枕", "窗帘", "地毯", "床单", "挂钟", "衣架"],
      kinds: ["加厚", "简约", "纯棉", "可折叠", "北欧风", "防滑", "亚麻"],
      specs: ["两件装", "大号", "中号", "米白", "灰蓝", "70×140", "升级款"],
      praise: ["质感比想象中好", "颜色很耐看", "做工平整没有线头", "摆在客厅很搭", "用料厚实"],
      blame: ["边角都是毛刺", "味道大得睡不着", "洗一次就掉色", "薄得像纸", "尺寸差了一截"],
      uses: ["放在卧室", "搬新家用", "给出租屋换的", "客厅用", "送给爸妈"],
    },
    en: {
      nouns: ["bath towel", "desk lamp", "storage box", "cushion", "curtain", "rug", "bed sheet", "wall clock", "coat hanger"],
      kinds: ["thick", "plain", "cotton", "folding", "Nordic", "non-slip", "linen"],
      specs: ["set of 2", "large", "medium", "ivory", "slate blue", "70×140 cm", "new edition"],
      praise: ["feels better than it looks online", "the colour is easy to live with", "the seams are neat", "it suits the living room"],
      blame: ["the edges are rough", "it smells of glue", "the colour ran in the first wash", "it is thin as paper"],
      uses: ["for the bedroom", "for our new flat", "for a rented room", "as a gift for my parents"],
    },
  },
  {
    name: "kitchen",
    weight: 12,
    priceMedian: 7_500,
    size: 0.004,
    zh: {
      nouns: ["炒锅", "菜刀", "保温杯", "砧板", "电热水壶", "饭盒", "密封罐", "沥水架"],
      kinds: ["不粘", "不锈钢", "陶瓷", "竹制", "双层", "食品级", "家用"],
      specs: ["28cm", "1.5L", "500ml", "三件套", "浅木色", "墨绿", "带盖"],
      praise: ["炒菜一点都不粘", "密封很好不漏水", "拿在手里有分量", "好清洗", "保温能到晚上"],
      blame: ["用三次就粘底", "盖子盖不严", "杯底漏水", "手柄是松的", "生锈了"],
      uses: ["带饭上班", "周末做饭", "宿舍用", "给妈妈换的", "露营用"],
    },
    en: {
      nouns: ["wok", "kitchen knife", "thermos", "cutting board", "kettle", "lunch box", "storage jar", "drying rack"],
      kinds: ["non-stick", "stainless", "ceramic", "bamboo", "double-wall", "food-grade", "everyday"],
      specs: ["28 cm", "1.5 L", "500 ml", "set of 3", "light wood", "dark green", "with lid"],
      praise: ["nothing sticks to it", "it seals well", "it has a good weight", "easy to clean", "keeps tea hot till night"],
      blame: ["food sticks after three uses", "the lid does not close", "it leaks at the bottom", "the handle is loose", "it rusted"],
      uses: ["for lunch at work", "for weekend cooking", "for the dormitory", "for camping"],
    },
  },
  {
    name: "clothing",
    weight: 18,
    priceMedian: 12_900,
    size: 0.06,
    zh: {
      nouns: ["卫衣", "牛仔裤", "羽绒服", "衬衫", "连衣裙", "针织衫", "T恤", "阔腿裤"],
      kinds: ["宽松", "纯棉", "高腰", "加绒", "修身", "复古", "透气"],
      specs: ["S码", "M码", "L码", "XL码", "黑色", "燕麦色", "春秋款"],
      praise: ["版型很正", "面料舒服不闷", "上身显瘦", "洗了没有变形", "走线整齐"],
      blame: ["起球严重", "色差太大", "线头到处都是", "缩水缩得没法穿", "码数完全不准"],
      uses: ["上班穿", "给男朋友买的", "换季买的", "日常搭配", "出去旅行穿"],
    },
    en: {
      nouns: ["hoodie", "pair of jeans", "down jacket", "shirt", "dress", "sweater", "T-shirt", "pair of wide trousers"],
      kinds: ["loose", "cotton", "high-waist", "fleece", "slim", "vintage", "airy"],
      specs: ["size S", "size M", "size L", "size XL", "black", "oatmeal", "spring cut"],
      praise: ["the cut is right", "the fabric breathes", "it kept its shape after washing", "the stitching is tidy"],
      blame: ["it pills badly", "the colour is nothing like the photo", "loose threads everywhere", "it shrank two sizes"],
      uses: ["for the office", "for my partner", "for the new season", "for travelling"],
    },
  },
  {
    name: "electronics",
    weight: 14,
    priceMedian: 19_900,
    size: 0.001,
    zh: {
      nouns: ["蓝牙耳机", "充电宝", "数据线", "键盘", "鼠标", "音箱", "摄像头", "手环"],
      kinds: ["无线", "降噪", "快充", "机械", "静音", "便携", "防水"],
      specs: ["20000毫安", "1.5米", "黑色", "白色", "青轴", "二代", "双模"],
      praise: ["音质清楚", "续航能撑两天", "连接很稳", "手感不错", "充电速度快"],
      blame: ["老是断连", "充不进电", "电流声很大", "用一周就坏了", "按键失灵"],
      uses: ["通勤用", "打游戏用", "办公室用", "出差带着", "给孩子上网课"],
    },
    en: {
      nouns: ["headset", "power bank", "charging cable", "keyboard", "mouse", "speaker", "webcam", "fitness band"],
      kinds: ["wireless", "noise-cancelling", "fast-charging", "mechanical", "silent", "pocket", "waterproof"],
      specs: ["20000 mAh", "1.5 m", "black", "white", "blue switches", "2nd generation", "dual mode"],
      praise: ["the sound is clear", "the battery lasts two days", "the connection is stable", "it charges fast"],
      blame: ["it keeps disconnecting", "it will not charge", "it hums loudly", "it died within a week", "keys stopped working"],
      uses: ["for the commute", "for gaming", "for the office", "for business trips"],
    },
  },
  {
    name: "beauty",
    weight: 11,
    priceMedian: 11_900,
    size: 0,
    zh: {
      nouns: ["面霜", "洗面奶", "口红", "防晒霜", "面膜", "护手霜", "精华", "眼影盘"],
      kinds: ["保湿", "温和", "哑光", "清爽", "舒缓", "无香", "滋润"],
      specs: ["50ml", "100g", "豆沙色", "SPF50", "10片装", "小样装", "礼盒"],
      praise: ["上脸不油", "敏感肌用着没事", "颜色显白", "味道淡淡的很舒服", "补水明显"],
      blame: ["用了脸上起疹子", "味道刺鼻", "瓶口漏了一半", "日期快过了", "感觉不是正品"],
      uses: ["换季用", "早晚都在用", "送闺蜜的", "出差带", "第二次回购"],
    },
    en: {
      nouns: ["face cream", "cleanser", "lipstick", "sunscreen", "face mask", "hand cream", "serum", "palette"],
      kinds: ["hydrating", "gentle", "matte", "light", "soothing", "unscented", "rich"],
      specs: ["50 ml", "100 g", "rose", "SPF 50", "pack of 10", "travel size", "gift box"],
      praise: ["it does not feel greasy", "fine on sensitive skin", "the shade is lovely", "my skin feels softer"],
      blame: ["it gave me a rash", "the smell is harsh", "half of it had leaked", "it is close to its date", "it does not seem genuine"],
      uses: ["for dry weather", "morning and night", "as a gift", "for travel"],
    },
  },
  {
    name: "food",
    weight: 12,
    priceMedian: 4_900,
    size: 0,
    zh: {
      nouns: ["坚果", "茶叶", "牛肉干", "蜂蜜", "大米", "咖啡豆", "饼干", "辣酱"],
      kinds: ["原味", "低糖", "农家", "手工", "新货", "独立包装", "烘焙"],
      specs: ["500g", "1kg", "250g", "礼盒装", "两袋", "家庭装", "尝鲜装"],
      praise: ["很新鲜", "味道正", "家里老人爱吃", "分量足", "不会太甜"],
      blame: ["有哈喇味", "一半是碎的", "临期了", "吃出了头发", "跟描述的产地不符"],
      uses: ["办公室零食", "过节送人", "早餐吃", "追剧吃", "给孩子吃"],
    },
    en: {
      nouns: ["mixed nuts", "tea", "beef jerky", "honey", "rice", "coffee beans", "biscuits", "chili sauce"],
      kinds: ["plain", "low-sugar", "farm", "hand-made", "new-harvest", "single-pack", "roasted"],
      specs: ["500 g", "1 kg", "250 g", "gift box", "2 bags", "family pack", "tasting pack"],
      praise: ["it tastes fresh", "just the right flavour", "my parents love it", "a generous portion", "not too sweet"],
      blame: ["it tastes rancid", "half of it was crumbs", "it is about to expire", "the origin is not the one promised"],
      uses: ["as an office snack", "for the holidays", "for breakfast", "for film nights"],
    },
  },
  {
    name: "toys",
    weight: 7,
    priceMedian: 6_900,
    size: 0.002,
    zh: {
      nouns: ["积木", "拼图", "毛绒熊", "遥控车", "画板", "益智棋", "泡泡机"],
      kinds: ["木质", "益智", "大颗粒", "可水洗", "磁力", "儿童", "早教"],
      specs: ["100粒", "500片", "3岁以上", "中号", "收纳桶装", "彩色", "充电款"],
      praise: ["孩子玩了一下午", "没有毛刺", "颜色鲜亮没味道", "拼起来很紧", "做得结实"],
      blame: ["少了好几块", "玩一次就断了", "塑料味很重", "颜色掉在手上", "电机不转"],
      uses: ["生日礼物", "给三岁宝宝", "亲子时间玩", "幼儿园奖励", "送侄子"],
    },
    en: {
      nouns: ["building blocks", "puzzle", "plush bear", "remote car", "drawing board", "board game", "bubble machine"],
      kinds: ["wooden", "clever", "big-piece", "washable", "magnetic", "children's", "early-years"],
      specs: ["100 pieces", "500 pieces", "age 3+", "medium", "in a tub", "colourful", "rechargeable"],
      praise: ["my kid played all afternoon", "no sharp edges", "bright and odourless", "sturdy"],
      blame: ["several pieces are missing", "it broke on the first day", "it reeks of plastic", "the motor does not turn"],
      uses: ["as a birthday present", "for a three-year-old", "for rainy days", "for my nephew"],
    },
  },
  {
    name: "books",
    weight: 6,
    priceMedian: 4_200,
    size: 0,
    zh: {
      nouns: ["小说", "绘本", "字帖", "菜谱", "习题集", "旅行手册", "诗集"],
      kinds: ["精装", "彩图", "注音", "新版", "大字", "口袋", "全译"],
      specs: ["上下册", "单本", "套装", "附光盘", "第二版", "带书签", "盒装"],
      praise: ["纸张厚印刷清楚", "内容很扎实", "排版舒服", "孩子看得入迷", "没有折角"],
      blame: ["字迹模糊像盗版", "缺了好几页", "封面破了", "装订散了", "错别字很多"],
      uses: ["睡前看", "给孩子读", "考试用", "地铁上看", "送老师"],
    },
    en: {
      nouns: ["novel", "picture book", "copybook", "cookbook", "workbook", "travel guide", "book of poems"],
      kinds: ["hardcover", "illustrated", "annotated", "new", "large-print", "pocket", "unabridged"],
      specs: ["2 volumes", "single", "box set", "with audio", "2nd edition", "with bookmark"],
      praise: ["good paper and clear print", "rich in content", "a pleasant layout", "arrived without a crease"],
      blame: ["the print is blurred like a copy", "pages are missing", "the cover is torn", "the binding fell apart"],
      uses: ["for bedtime", "for my child", "for an exam", "for the train"],
    },
  },
  {
    name: "sports",
    weight: 9,
    priceMedian: 14_500,
    size: 0.025,
    zh: {
      nouns: ["跑鞋", "瑜伽垫", "哑铃", "登山包", "泳镜", "羽毛球拍", "护膝"],
      kinds: ["缓震", "加宽", "防水", "轻量", "专业", "透气", "初学者"],
      specs: ["40码", "42码", "10kg", "30L", "6mm", "黑橙", "一对"],
      praise: ["脚感软弹", "背着不勒肩", "回弹好", "抓地稳", "轻便"],
      blame: ["鞋底开胶", "缝线裂了", "磨脚", "一股橡胶味", "重量不够数"],
      uses: ["晨跑用", "周末爬山", "健身房用", "在家锻炼", "打比赛用"],
    },
    en: {
      nouns: ["running shoes", "yoga mat", "dumbbells", "hiking pack", "goggles", "badminton racket", "knee brace"],
      kinds: ["cushioned", "wide", "waterproof", "light", "pro", "breathable", "beginner's"],
      specs: ["size 40", "size 42", "10 kg", "30 L", "6 mm", "black and orange", "pair"],
      praise: ["soft and springy", "easy on the shoulders", "good grip", "light to carry"],
      blame: ["the sole came off", "the seam split", "it chafes", "it smells of rubber", "it is lighter than stated"],
      uses: ["for morning runs", "for weekend hikes", "for the gym", "for home training"],
    },
  },
  {
    name: "pets",
    weight: 6,
    priceMedian: 6_400,
    size: 0.006,
    zh: {
      nouns: ["猫砂", "猫抓板", "狗粮", "牵引绳", "宠物窝", "自动喂食器", "逗猫棒"],
      kinds: ["无尘", "耐抓", "全价", "加长", "可拆洗", "静音", "天然"],
      specs: ["10kg", "大号", "2.5kg", "中型犬", "四季款", "3L", "三支装"],
      praise: ["猫主子很喜欢", "结团快没粉尘", "狗狗吃得干净", "很好拆洗", "结实耐咬"],
      blame: ["粉尘呛人", "狗吃了拉肚子", "两天就散架", "扣子断了", "一股霉味"],
      uses: ["给家里两只猫", "给小狗换的", "遛狗用", "出差时用", "给捡来的猫"],
    },
    en: {
      nouns: ["cat litter", "scratching board", "dog food", "leash", "pet bed", "feeder", "cat teaser"],
      kinds: ["dust-free", "tough", "complete", "long", "washable", "silent", "natural"],
      specs: ["10 kg", "large", "2.5 kg", "medium dogs", "all-season", "3 L", "pack of 3"],
      praise: ["my cat loves it", "it clumps fast", "the bowl was empty at once", "easy to wash", "survives chewing"],
      blame: ["the dust is awful", "my dog got sick", "it fell apart in two days", "the clip snapped", "it smells mouldy"],
      uses: ["for our two cats", "for the puppy", "for walks", "for when we travel"],
    },
  },
];

/** Title of a product, such as 加厚浴巾 大号 or Thick bath towel, large, and which of the nouns it is. */
export function productTitle(category: Category, language: Language, random: Random): { title: string; noun: number } {
  const words = category[language];
  const noun = random.below(words.nouns.length);
  const kind = random.pick(words.kinds);
  const spec = random.pick(words.specs);
  if (language === "zh") return { title: `${kind}${words.nouns[noun]} ${spec}`, noun };
  return { title: `${kind[0]!.toUpperCase()}${kind.slice(1)} ${words.nouns[noun]}, ${spec}`, noun };
}
