using System.Globalization;
using System.Numerics;

namespace Mainstay.Skills.Rendering.Formatting;

/// <summary>Rounds doubles by their exact binary value, halves to even, as Python does.</summary>
internal static class ExactDecimal
{
    private const int MostDigits = 1100;

    /// <summary>The number with so many digits behind the point.</summary>
    public static string Fixed(double value, int digits)
    {
        Check(digits);
        var text = Scaled(Math.Abs(value), digits).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        var sign = double.IsNegative(value) ? "-" : "";
        return digits == 0 ? sign + text : $"{sign}{text[..^digits]}.{text[^digits..]}";
    }

    /// <summary>The significant digits, one before the point and so many behind it, and the power of ten; for a number that is not negative.</summary>
    public static (string Digits, int Exponent) Scientific(double value, int digits)
    {
        Check(digits);
        if (value == 0)
        {
            return (new string('0', digits + 1), 0);
        }

        var exponent = (int)Math.Floor(Math.Log10(value));
        while (true)
        {
            var text = Scaled(value, digits - exponent).ToString(CultureInfo.InvariantCulture);
            if (text.Length == digits + 1)
            {
                return (text, exponent);
            }

            // The logarithm was off by one, or rounding carried into a new digit.
            exponent += text.Length > digits + 1 ? 1 : -1;
        }
    }

    /// <summary>Python's <c>round(value, digits)</c>.</summary>
    public static double Round(double value, int digits)
    {
        if (!double.IsFinite(value) || digits > 323 || value == 0)
        {
            return value;
        }

        var scaled = digits < -400 ? BigInteger.Zero : Scaled(Math.Abs(value), digits);
        var rounded = double.Parse($"{scaled}E{-digits}", NumberStyles.Float, CultureInfo.InvariantCulture);
        return Math.CopySign(rounded, value);
    }

    /// <summary>A whole number rounded to a power of ten.</summary>
    public static long RoundWhole(long value, int zeros)
    {
        if (zeros > 19)
        {
            return 0;
        }

        var unit = BigInteger.Pow(10, zeros);
        var rounded = Divide(BigInteger.Abs(value), unit) * unit * value.CompareTo(0);
        return rounded >= long.MinValue && rounded <= long.MaxValue ? (long)rounded : throw TemplateException.Limit("a whole number would be beyond 64 bits");
    }

    // value * 10^digits, rounded to a whole number.
    private static BigInteger Scaled(double value, int digits)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var power = (int)((bits >> 52) & 0x7FF);
        var mantissa = new BigInteger(power == 0 ? bits & 0xFFFFFFFFFFFFF : (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000);
        power = Math.Max(power, 1) - 1075;
        var numerator = mantissa * BigInteger.Pow(2, Math.Max(0, power)) * BigInteger.Pow(10, Math.Max(0, digits));
        var denominator = BigInteger.Pow(2, Math.Max(0, -power)) * BigInteger.Pow(10, Math.Max(0, -digits));
        return Divide(numerator, denominator);
    }

    private static BigInteger Divide(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    private static void Check(int digits)
    {
        if (digits is < 0 or > MostDigits)
        {
            throw TemplateException.Limit($"a number would have more than {MostDigits} digits behind the point");
        }
    }
}
