/**
 * Made-up review texts whose feeling and subject are known, to train the default words model on: phrases of everyday praise
 * and blame by subject, put together at random. Nothing here comes from a data set.
 */
import { type WordsTopic, wordsTopics } from "../../authenticity/words.ts";

export interface MadeText {
  readonly text: string;
  readonly isPraise: boolean;
  readonly topics: ReadonlySet<WordsTopic>;
}

/** Whole number in 0…count − 1. */
type Draw = (count: number) => number;

interface Aspect {
  readonly subjects: readonly string[];
  readonly good: readonly string[];
  readonly bad: readonly string[];
  /** Whole clauses that need no subject. */
  readonly praise: readonly string[];
  readonly blame: readonly string[];
}

interface Lexicon {
  readonly things: readonly string[];
  readonly topics: Readonly<Record<WordsTopic, Aspect>>;
  readonly plain: Aspect;
  readonly very: readonly string[];
  readonly not: readonly string[];
  readonly but: readonly string[];
  readonly joints: readonly string[];
  readonly ends: readonly string[];
  /** Says neither good nor bad. */
  readonly fillers: readonly string[];
  clause(subject: string, predicate: string): string;
}

const split = (text: string): string[] => text.split(/[|\n]/).flatMap((part) => part.trim() || []);

const zh: Lexicon = {
  things:
    split(`东西|宝贝|商品|产品|衣服|裤子|鞋子|手机|电脑|键盘|屏幕|电池|水果|苹果|橙子|牛奶|酸奶|书|内容|印刷|洗发水|味道|香味|包装|
    房间|酒店|早餐|前台|床|卫生间|热水器|平板|耳机|音质|颜色|款式|面料|尺码|大小|口感|系统|速度|做工|外观|效果|杯子|锅|灯|玩具|茶叶|面膜|口红|箱子|被子|情节|作者|位置|设施|环境`),
  topics: {
    delivery: {
      subjects: split(`物流|快递|发货|送货|配送|发货速度|物流速度|快递小哥|快递员|到货|送货速度|快递包裹`),
      good: split(`快|给力|迅速|及时|神速|准时|靠谱|很快就到了|当天就到|第二天就收到了|超级快|没得说|负责|送货上门`),
      bad: split(
        `慢|太慢了|龟速|拖拉|不给力|迟迟不到|不及时|等了好久|不送上门|态度恶劣|乱扔|暴力|半个月才到|信息不更新|一直不动`,
      ),
      praise: split(
        `昨天下单今天就到了|隔天就收到了|京东送货就是快|包裹完好|下单当天就发货|物流很快|发货快|快递送到家门口|包装严实没有破损|到得很快`,
      ),
      blame: split(
        `等了一个多星期才到|催了好几次才发货|到现在还没收到货|包裹破损|箱子都压坏了|快递丢件|送来的时候都摔坏了|一直不发货|说好今天发货又没发|少发了一件|发错货了|漏发|外包装烂了`,
      ),
    },
    quality: {
      subjects: split(
        `质量|做工|品质|材质|用料|手感|面料|质感|口感|味道|效果|性能|音质|屏幕|电池|印刷|纸张|卫生|设施|隔音|新鲜度`,
      ),
      good: split(
        `好|不错|很棒|扎实|精致|过硬|上乘|细腻|舒服|结实|耐用|稳定|清晰|优秀|一流|没得挑|新鲜|可口|干净|出色|可以|挺好|满意`,
      ),
      bad: split(
        `差|太差|粗糙|很烂|低劣|不行|不过关|糟糕|廉价|单薄|容易坏|松动|模糊|刺鼻|恶心|难闻|不新鲜|脏|破旧|一般般|差劲|垃圾|有问题|不稳定`,
      ),
      praise: split(
        `很耐用|穿着很舒服|用着很顺手|洗了不掉色|没有异味|没有色差|水分很足|又甜又脆|很新鲜|个头均匀|洗完头发很柔顺|去屑效果好|运行流畅|续航不错|声音清楚|纸质很好|内容很精彩|写得很好|值得一读|受益匪浅|爱不释手|房间干净整洁|床很舒服|早餐丰富|用了很久都没坏|孩子很喜欢|味道很好闻`,
      ),
      blame: split(
        `用了一次就坏了|用了几天就出问题|没用多久就坏了|掉色严重|洗一次就变形|起球|开线了|有异味|味道很大|烂了好几个|都坏了|坏果太多|不甜|没有水分|皱巴巴的|干巴巴的|越洗越油|头皮屑更多了|头痒|掉头发|经常死机|发热厉害|电池不耐用|老是黑屏|充不了电|卡得要命|有划痕|漏水|掉漆|像盗版|错别字连篇|内容空洞|看不下去|无聊透顶|不知所云|房间又小又旧|隔音太差|有霉味|没有热水|喝了拉肚子|不能用|没法用|吃坏肚子|屏幕有坏点`,
      ),
    },
    described: {
      subjects: split(`实物|颜色|尺码|尺寸|款式|描述|图片|型号|规格|重量|成色`),
      good: split(`和图片一样|与描述相符|跟描述一致|没有色差|标准|合适|正好|和想象的一样|一模一样|比图片还好看`),
      bad: split(
        `和图片不符|与描述不符|跟描述差太远|色差太大|不对|偏小|偏大|不标准|和想象的差太多|完全不一样|不合适|货不对板|跟宣传的不一样`,
      ),
      praise: split(
        `是正品|确实是正品|正品无疑|和专柜的一样|跟图片一模一样|实物比图片好看|与介绍相符|没有夸大|尺码很准|分量足`,
      ),
      blame: split(
        `是假货|感觉是假的|不是正品|跟专柜的完全不一样|图片都是骗人的|虚假宣传|欺骗消费者|挂羊头卖狗肉|以次充好|发来的是旧的|像二手的|被骗了|上当了|和网上说的两回事|缺斤少两|分量不够|货不对版`,
      ),
    },
    service: {
      subjects: split(`服务|客服|服务态度|售后|卖家|店家|态度|商家|前台|服务员|老板`),
      good: split(`好|热情|耐心|周到|贴心|专业|负责|亲切|一流|很棒|有问必答|回复及时|不错|到位|讲信用`),
      bad: split(
        `差|恶劣|冷漠|敷衍|不耐烦|太差|不理人|爱理不理|推卸责任|踢皮球|不负责|没人管|糟糕|很凶|没礼貌|不讲信用|不处理`,
      ),
      praise: split(
        `客服耐心解答|有问题马上解决|退换货很爽快|主动联系补发|售后有保障|卖家很用心|还送了小礼物|赠品很实用|服务很周到`,
      ),
      blame: split(
        `打电话没人接|找客服没人理|不给退货|拒绝退款|退货还要自己出运费|投诉无门|联系不上卖家|问了半天不回复|客服就会复制粘贴|售后推来推去|不给发票|没有发票|说换货一直不换`,
      ),
    },
    price: {
      subjects: split(`价格|价钱|性价比|价位|活动价|促销价`),
      good: split(`便宜|实惠|划算|合理|公道|高|优惠|很值|给力|超值|低`),
      bad: split(`贵|太贵|偏高|离谱|不值|坑人|虚高|不划算|不合理|太低`),
      praise: split(
        `物美价廉|价廉物美|经济实惠|物有所值|物超所值|性价比很高|比超市便宜|比实体店便宜多了|很划算|这个价很值|值这个价|好用不贵|活动买的很划算|赶上促销很便宜`,
      ),
      blame: split(
        `不值这个价|太贵了|性价比太低|刚买就降价|买完第二天就降价了|比超市还贵|白花钱|浪费钱|花了冤枉钱|一分钱一分货|便宜没好货|价格贵得离谱|降价太快|差价不退`,
      ),
    },
  },
  plain: {
    subjects: split(`东西|这个|整体|总体|感觉|宝贝|用起来|看起来|总的来说|产品`),
    good: split(
      `好|不错|很棒|满意|喜欢|赞|完美|挺好|好用|好看|漂亮|可以|给力|舒服|方便|实用|很值|开心|惊喜|理想|舒适|棒棒的|美味|好吃|好喝`,
    ),
    bad: split(
      `差|失望|不好|难用|后悔|糟糕|垃圾|不满意|一般|难看|难吃|难喝|恶心|不喜欢|坑|太次|烂|郁闷|无语|生气|不怎么样|不值|麻烦|不爽|差劲`,
    ),
    praise: split(
      `非常满意|很喜欢|好评|五星好评|值得购买|值得推荐|强烈推荐|推荐购买|会再来|下次还会买|会回购|已经回购好几次了|一如既往的好|支持|信赖|放心|赞一个|点赞|不错不错|很好用|全家都喜欢|老婆很喜欢|妈妈说很好|大爱|爱了|物美|超出预期|比想象中好|没有失望|不会后悔|无可挑剔|顶|给满分|一次愉快的购物|好东西|一直用这个牌子|下次还住这里|朋友也说好`,
    ),
    blame: split(
      `非常失望|太失望了|很不满意|差评|给差评|不推荐|不建议购买|千万别买|大家别买了|不会再买|再也不买了|再也不来了|后悔买了|上当受骗|坑人|骗子|黑心|垃圾产品|什么破玩意|什么东西|真是醉了|气死我了|无语了|浪费时间|想退货|要求退货|已退货|一星都不想给|负分|最差的一次|别上当|慎买|谨慎购买|不敢用|扔了|直接扔垃圾桶|没用|没什么用|没有效果|根本不行|呵呵|抵制|倒闭吧|忍无可忍|失望透顶|实在不敢恭维|不如不买|有待改进|住得很不舒服`,
    ),
  },
  very: split(`很|非常|特别|太|真|真的|超|超级|挺|比较|十分|相当|确实|真心|实在|都|也|还|蛮|够|最|极其|||`),
  not: split(`不|不太|一点都不|一点也不|并不|不是很|不够|没有那么|不怎么|根本不`),
  but: split(`但是|不过|可是|就是|但|可惜|只是|然而`),
  joints: split(`，|，|，|。|！|；|~|,| |……|、`),
  ends: split(`。|！|！！|~|。|…|!|.|?|？|！`).concat(["", "", ""]),
  fillers: split(
    `收到货了|买了两件|给家里买的|用了几天|双十一买的|第一次买|朋友推荐的|帮同事买的|今天刚拿到|用了一段时间来评价|打开看了看|出差住的|送人的|看了评价才买的|之前买过|在网上看到的|下单的时候|刚试了一下|先说一下|我是老顾客|看完了`,
  ),
  clause: (subject, predicate) => `${subject}${predicate}`,
};

const en: Lexicon = {
  things: split(
    `the product|this item|the phone|the cable|the shoes|the shirt|the book|the lamp|the headset|the cream|the room|the hotel|the food|the screen|the battery|the sound|the colour|the fabric|the bag|the toy|the mug|it|everything|the set|the jacket|the taste|the smell|the bed|the bathroom|the location|the staff`,
  ),
  topics: {
    delivery: {
      subjects: split(`delivery|shipping|the courier|the package|dispatch|the parcel|postage|the shipment`),
      good: split(`fast|quick|prompt|on time|right on schedule|super fast|early|smooth|reliable|speedy`),
      bad: split(`slow|late|very late|delayed|a nightmare|lost|damaged|crushed|unreliable|terrible|weeks late`),
      praise: split(
        `arrived early|arrived the next day|came quickly|well packed|shipped the same day|arrived on time|delivered to my door|got here fast|packaging was great|arrived in perfect condition`,
      ),
      blame: split(
        `never arrived|took forever to arrive|took weeks to arrive|still waiting for it|arrived broken|the box was crushed|arrived damaged|tracking never moved|package was lost|wrong item was sent|a part was missing|arrived a week late|left in the rain by the courier`,
      ),
    },
    quality: {
      subjects: split(
        `the quality|the material|the build|the finish|the fabric|the battery|the sound|the screen|workmanship|the taste|the stitching|the room|the bed`,
      ),
      good: split(
        `great|excellent|solid|good|superb|sturdy|top notch|impressive|durable|comfortable|soft|clean|crisp|well made|outstanding|first class|fresh|delicious|spotless`,
      ),
      bad: split(
        `poor|terrible|cheap|flimsy|bad|awful|weak|rough|disappointing|shoddy|dirty|uncomfortable|faulty|stale|useless|horrible|noisy|filthy|outdated`,
      ),
      praise: split(
        `works perfectly|works great|feels solid|built to last|well made|very comfortable|fits perfectly|still going strong|looks beautiful|holds a charge for days|easy to use|my kids love it|tastes great|smells lovely|a pleasure to read|could not put it down|the room was spotless|slept very well|beautifully appointed`,
      ),
      blame: split(
        `broke after a week|stopped working|fell apart|does not work|did not last|poorly made|feels cheap|faded after one wash|it leaks|keeps disconnecting|battery died|full of scratches|smells awful|tasted stale|made me sick|gave me a rash|would not turn on|overheats|cheaply made|boring from start to finish|the sheets were stained|the walls were paper thin|the carpet was filthy|the air conditioning was broken|could not sleep`,
      ),
    },
    described: {
      subjects: split(`the colour|the size|the picture|the description|the photo|what I got|the item`),
      good: split(
        `as described|exactly as shown|true to size|accurate|just like the pictures|what I expected|as advertised|spot on`,
      ),
      bad: split(
        `not as described|nothing like the picture|misleading|wrong|too small|too big|not what I ordered|inaccurate|different from the photos|not as advertised`,
      ),
      praise: split(
        `just as described|matches the description|exactly what I ordered|genuine product|looks like the photos|fits as expected|true to the pictures|authentic`,
      ),
      blame: split(
        `it is a fake|counterfeit|false advertising|I was misled|not genuine|clearly used|totally different from the listing|looks nothing like the photos|they sent the wrong colour|a scam|pictures are lies|runs way too small`,
      ),
    },
    service: {
      subjects: split(
        `customer service|the seller|support|the staff|the shop|the service|after-sales|the front desk|the manager`,
      ),
      good: split(
        `helpful|friendly|responsive|polite|excellent|great|patient|professional|kind|wonderful|attentive|courteous|accommodating`,
      ),
      bad: split(
        `rude|unhelpful|useless|terrible|awful|ignorant|dismissive|slow to answer|dishonest|appalling|unfriendly|incompetent|indifferent`,
      ),
      praise: split(
        `they answered all my questions|replied right away|sorted it out at once|gave me a replacement straight away|the refund was quick|went out of their way|the seller is great to deal with|staff could not do enough for us|checked in quickly`,
      ),
      blame: split(
        `nobody answers|never replied to my emails|refused a refund|they ignored me|no response from the seller|hung up on me|impossible to return|they would not take it back|still no refund|got the runaround|was treated badly|had to call three times|kept us waiting|charged us twice`,
      ),
    },
    price: {
      subjects: split(`the price|the cost|the value|the deal`),
      good: split(`great|fair|good|reasonable|low|unbeatable|right|amazing|excellent`),
      bad: split(`too high|ridiculous|outrageous|unfair|steep|not justified|a rip-off|way too high`),
      praise: split(
        `great value|worth every penny|good value for money|cheaper than in the shops|a bargain|well worth the price|a great deal|affordable|reasonably priced`,
      ),
      blame: split(
        `overpriced|a waste of money|not worth the money|not worth the price|a rip off|too expensive|cheaper elsewhere|I want my money back|hidden charges|poor value|way overpriced for what you get`,
      ),
    },
  },
  plain: {
    subjects: split(`it|this|everything|the product|overall it|the item|the whole thing|my experience`),
    good: split(
      `great|good|excellent|perfect|amazing|awesome|lovely|nice|fantastic|wonderful|beautiful|brilliant|fine|superb|handy|useful|pleasant|fabulous`,
    ),
    bad: split(
      `bad|terrible|awful|horrible|disappointing|useless|rubbish|garbage|poor|annoying|worthless|junk|dreadful|frustrating|the worst|unacceptable|mediocre`,
    ),
    praise: split(
      `love it|I love it|highly recommend|highly recommended|would recommend|will buy again|very happy with it|very pleased|exceeded my expectations|five stars|best purchase ever|so happy|could not be happier|thank you|works as it should|can not wait to use it again|definitely coming back|no complaints|no problems at all|perfect gift|a must have|enjoyed every minute|we will be back|exceptional`,
    ),
    blame: split(
      `hate it|do not buy|avoid|stay away|very disappointed|so disappointed|waste of time|never again|would not recommend|not recommended|do not recommend|regret buying it|sent it back|returned it|one star|zero stars if I could|worst purchase ever|save your money|a complete letdown|beware|not happy|very unhappy|threw it away|what a joke|will never come back|big disappointment|nothing but problems`,
    ),
  },
  very: split(`very|really|so|extremely|quite|pretty|absolutely|truly|super|just|simply|incredibly||||`),
  not: split(`not|not very|not at all|hardly|far from|not really|not that|never`),
  but: split(`but|however|although|except that|unfortunately`),
  joints: [", ", ". ", ". ", "! ", "; ", " and ", " - ", "... "],
  ends: [".", "!", "", "...", "!!"],
  fillers: split(
    `I bought this last month|got this for my wife|ordered two|bought it as a gift|used it for a week|this is my second one|I ordered it online|after reading the reviews|for my office|we stayed two nights|I travel a lot|I have had it for a while|my first time here|we booked it for the weekend|bought for my son`,
  ),
  clause: (subject, predicate) =>
    `${subject} ${/^(?:as|just|exactly|right)\b/.test(predicate) ? "was" : "is"} ${predicate}`,
};

const signs: readonly (readonly [string, boolean])[] = [
  ...Array.from("👍😀😃😄😁😊🙂😍🥰😘🤩🥳😋👌👏🙌💪❤💕💖💯🌹🌟⭐🎉✅😎🤗✨🔥💐", (sign) => [sign, true] as const),
  ...Array.from("👎😡😠🤬😞😟😢😭😤😩😫🙁☹😒🤮🤢💩💔😣😖😱❌🚫😕🙄😑😰⚠", (sign) => [sign, false] as const),
];

const lexica = { zh, en } as const;

function predicate(words: Lexicon, aspect: Aspect, isPraise: boolean, draw: Draw, glue: string): string {
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
  const kind = draw(10);
  // A good word under a negation is blame; the other way round it is rarely praise.
  if (!isPraise && kind < 2) return `${pick(words.not)}${glue}${pick(aspect.good)}`;
  const word = pick(isPraise ? aspect.good : aspect.bad);
  const degree = kind < 6 ? pick(words.very) : "";
  return degree === "" ? word : `${degree}${glue}${word}`;
}

/** One made-up text of a language. */
export function madeText(language: "zh" | "en", draw: Draw): MadeText {
  const words = lexica[language];
  const glue = language === "en" ? " " : "";
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
  const isPraise = draw(2) === 0;
  const topics = new Set<WordsTopic>();
  const clauses = Array.from({ length: 1 + draw(draw(2) === 0 ? 2 : 5) }, (_, place) => {
    if (draw(7) === 0) return pick(words.fillers);
    // A text of several clauses concedes something now and then.
    const isOwn = place === 0 || draw(9) > 0;
    const mood = isOwn ? isPraise : !isPraise;
    const topic = draw(5) < 2 ? undefined : pick(wordsTopics);
    if (topic !== undefined) topics.add(topic);
    const aspect = topic === undefined ? words.plain : words.topics[topic];
    const subject =
      topic === undefined || (topic === "quality" && draw(2) === 0)
        ? pick([...words.things, ...aspect.subjects])
        : pick(aspect.subjects);
    const body =
      draw(2) === 0
        ? pick(mood ? aspect.praise : aspect.blame)
        : words.clause(subject, predicate(words, aspect, mood, draw, glue));
    return isOwn ? body : `${pick(words.but)}${glue}${body}`;
  });
  let text = "";
  for (const clause of clauses) text += text === "" ? clause : `${pick(words.joints)}${clause}`;
  return { text: `${text}${pick(words.ends)}`, isPraise, topics };
}

/** A made-up text of signs alone, such as two thumbs. */
export function madeSigns(draw: Draw): MadeText {
  const isPraise = draw(2) === 0;
  const own = signs.filter(([, good]) => good === isPraise);
  const text = Array.from({ length: 1 + draw(3) }, () => own[draw(own.length)]?.[0] ?? "").join("");
  return { text: `${text}${["", "", "!", " "][draw(4)] ?? ""}`, isPraise, topics: new Set() };
}
