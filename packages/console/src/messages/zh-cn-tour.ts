import type { TourWords } from "../tour/tour-words.ts";
import { figuresFor } from "./figures.ts";

const { count } = figuresFor("zh-CN");

export const tour: TourWords = {
  label: "导览",
  title: "看得见依据的信任",
  text: "这是一个模拟市场，商家有诚信的，也有作弊的。五站看 Probity 如何对待它的事件。",
  length: (stops) => `${count(stops)} 站，两分钟`,
  place: (stop, of) => `${count(stop)} / ${count(of)}`,
  begin: "开始",
  next: "下一站",
  back: "上一站",
  end: "完成",
  leave: "退出导览",
  stops: {
    reasons: {
      title: "一个评级和它的理由",
      text: "总分就是下面各项之和。展开任意一行：先到指标，再到账本里最能说明问题的事件。",
    },
    whatIf: {
      title: "换一套规则会怎样？",
      text: "一份更看重履约的草案，用今天的事实试算：谁升、谁降、牵涉多少销售额，都在施行之前看清。",
    },
    packs: {
      title: "同样的事实，别家的规则",
      text: "按其他平台公布的规则，这家店会怎样。规则是数据，事实不变。",
    },
    live: {
      title: "事件正在到来",
      text: "演示市场仍在运转：每隔几秒就有下单、送达或评价。看“事件流入”的数字变化，评级数秒内跟上。",
    },
    card: {
      title: "消费者看到的",
      text: "一行代码就能把这张卡放进店铺页面。它说明分数与把握，并通向理由。",
    },
  },
};
