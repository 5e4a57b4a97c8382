// The functions that elementwise kernels compute, of four numbers at a time. AssemblyScript.
//
// Each is a class without fields, so that a loop over numbers is compiled for each: a number that chose among them would be
// asked in every iteration.

import {
  erf4,
  exp4,
  expm14,
  log4,
  one4,
  power4,
  powerOfHalf4,
  reluGradient4,
  sigmoid4,
  sigmoidGradient4,
  sign4,
  softplus4,
  tanh4,
  tanhGradient4,
} from "./math";

export class Negate {
  of(x: v128): v128 {
    return f32x4.neg(x);
  }
}

export class Abs {
  of(x: v128): v128 {
    return f32x4.abs(x);
  }
}

export class Sign {
  of(x: v128): v128 {
    return sign4(x);
  }
}

export class Sqrt {
  of(x: v128): v128 {
    return f32x4.sqrt(x);
  }
}

export class Exp {
  of(x: v128): v128 {
    return exp4(x);
  }
}

export class Expm1 {
  of(x: v128): v128 {
    return expm14(x);
  }
}

export class Log {
  of(x: v128): v128 {
    return log4(x);
  }
}

export class Relu {
  of(x: v128): v128 {
    return f32x4.pmax(x, f32x4.splat(0));
  }
}

export class Sigmoid {
  of(x: v128): v128 {
    return sigmoid4(x);
  }
}

export class Tanh {
  of(x: v128): v128 {
    return tanh4(x);
  }
}

export class Softplus {
  of(x: v128): v128 {
    return softplus4(x);
  }
}

export class Erf {
  of(x: v128): v128 {
    return erf4(x);
  }
}

export class Square {
  of(x: v128): v128 {
    return f32x4.mul(x, x);
  }
}

export class SquareRoot {
  of(x: v128): v128 {
    return powerOfHalf4(x);
  }
}

export class Reciprocal {
  of(x: v128): v128 {
    return f32x4.div(one4(), x);
  }
}

export class Add {
  of(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}

export class Subtract {
  of(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}

export class Multiply {
  of(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}

export class Divide {
  of(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}

/** Unlike pmax it gives NaN when either is. */
export class Maximum {
  of(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}

/** Unlike pmin it gives NaN when either is. */
export class Minimum {
  of(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}

export class Power {
  of(a: v128, b: v128): v128 {
    return power4(a, b);
  }
}

export class Equal {
  of(a: v128, b: v128): v128 {
    return v128.and(f32x4.eq(a, b), one4());
  }
}

export class NotEqual {
  of(a: v128, b: v128): v128 {
    return v128.and(f32x4.ne(a, b), one4());
  }
}

export class Less {
  of(a: v128, b: v128): v128 {
    return v128.and(f32x4.lt(a, b), one4());
  }
}

export class LessEqual {
  of(a: v128, b: v128): v128 {
    return v128.and(f32x4.le(a, b), one4());
  }
}

export class Greater {
  of(a: v128, b: v128): v128 {
    return v128.and(f32x4.gt(a, b), one4());
  }
}

export class GreaterEqual {
  of(a: v128, b: v128): v128 {
    return v128.and(f32x4.ge(a, b), one4());
  }
}

/** a is dy, b is x or y. */
export class ReluGradient {
  of(a: v128, b: v128): v128 {
    return reluGradient4(a, b);
  }
}

/** a is dy, b is y. */
export class TanhGradient {
  of(a: v128, b: v128): v128 {
    return tanhGradient4(a, b);
  }
}

/** a is dy, b is y. */
export class SigmoidGradient {
  of(a: v128, b: v128): v128 {
    return sigmoidGradient4(a, b);
  }
}

/** a is z, b is t. */
export class SigmoidCrossEntropy {
  of(a: v128, b: v128): v128 {
    return f32x4.sub(softplus4(a), f32x4.mul(a, b));
  }
}
