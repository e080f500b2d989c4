namespace Mainstay.Skills.Rendering.Running;

/// <summary>Python's arithmetic on whole numbers of 64 bits and on floats.</summary>
internal static class Numbers
{
    public static object Apply(string sign, object left, object right)
    {
        try
        {
            return left is double || right is double || sign == "/"
                ? Reals(sign, Convert.ToDouble(left), Convert.ToDouble(right))
                : Wholes(sign, Convert.ToInt64(left), Convert.ToInt64(right));
        }
        catch (OverflowException)
        {
            throw TemplateException.Limit("a whole number would be beyond 64 bits");
        }
    }

    private static object Wholes(string sign, long left, long right) => sign switch
    {
        "+" => checked(left + right),
        "-" => checked(left - right),
        "*" => checked(left * right),
        "//" => Floor(left, NotZero(right)),
        "%" => left - (Floor(left, NotZero(right)) * right),
        _ when right < 0 => Reals(sign, left, right),
        _ => Power(left, right),
    };

    private static object Reals(string sign, double left, double right) => sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / NotZero(right),
        "//" => Math.Floor((left - Modulo(left, NotZero(right))) / right + 0.5),
        "%" => Modulo(left, NotZero(right)),
        _ => Power(left, right),
    };

    private static long Floor(long left, long right)
    {
        var quotient = checked(left / right);
        return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient;
    }

    // The result has the divisor's sign.
    private static double Modulo(double left, double right)
    {
        var rest = left % right;
        return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest == 0 ? Math.CopySign(0, right) : rest;
    }

    private static long Power(long value, long exponent)
    {
        var result = 1L;
        for (var factor = value; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1)
            {
                result = checked(result * factor);
            }

            factor = exponent > 1 ? checked(factor * factor) : factor;
        }

        return result;
    }

    private static double Power(double value, double exponent)
    {
        if (value == 0 && exponent < 0)
        {
            throw TemplateException.Runtime("0 has no negative power");
        }

        var result = Math.Pow(value, exponent);
        return double.IsFinite(result) || !double.IsFinite(value) || !double.IsFinite(exponent) ? result
            : double.IsNaN(result) ? throw TemplateException.Runtime("a negative number has no such power")
            : throw TemplateException.Limit("a number would be too large");
    }

    private static long NotZero(long value) => value != 0 ? value : throw TemplateException.Runtime("division by zero");

    private static double NotZero(double value) => value != 0 ? value : throw TemplateException.Runtime("division by zero");
}
