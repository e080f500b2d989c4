using System.Globalization;
using Mainstay.Skills.Rendering.Formatting;
using Mainstay.Skills.Rendering.Running;
using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>Filters that make numbers, or work on them.</summary>
internal static class NumberFilters
{
    private static readonly string[] DecimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] BinaryUnits = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    public static object Abs(TemplateRun run, object value, CallArguments arguments)
    {
        arguments.Bind();
        return value switch
        {
            bool flag => (object)(flag ? 1L : 0L),
            long number => number == long.MinValue ? throw TemplateException.Limit("a whole number would be beyond 64 bits") : Math.Abs(number),
            double number => Math.Abs(number),
            _ => throw TemplateException.Runtime($"{TypeName.Of(value)} has no absolute value"),
        };
    }

    public static object ToInt(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("default", "base");
        if (value is Undefined undefined)
        {
            throw undefined.Error();
        }

        var otherwise = bound[0] ?? 0L;
        return value switch
        {
            bool flag => flag ? 1L : 0L,
            long => value,
            double number => Truncated(number) ?? otherwise,
            string or Markup => NumberText.Whole(run.Text.Of(value), bound.Number(1, 10)) ?? (NumberText.Real(run.Text.Of(value)) is { } real ? Truncated(real) : null) ?? otherwise,
            _ => otherwise,
        };
    }

    public static object ToFloat(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("default");
        return value switch
        {
            Undefined undefined => throw undefined.Error(),
            bool flag => flag ? 1.0 : 0.0,
            long number => (double)number,
            double => value,
            string or Markup => NumberText.Real(run.Text.Of(value)) ?? bound[0] ?? 0.0,
            _ => bound[0] ?? 0.0,
        };
    }

    public static object Round(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("precision", "method");
        var precision = bound.Number(0, 0);
        var method = bound.Text(1) ?? "common";
        if (method is not ("common" or "ceil" or "floor"))
        {
            throw TemplateException.Runtime($"the method must be 'common', 'ceil' or 'floor', not '{method}'");
        }

        var number = value is bool flag ? flag ? 1L : 0L : value;
        return (number, method) switch
        {
            (long whole, "common") => (object)(precision >= 0 ? whole : ExactDecimal.RoundWhole(whole, -precision)),
            (double real, "common") => ExactDecimal.Round(real, precision),
            (long or double, _) => Shifted(Convert.ToDouble(number), precision, method),
            _ => throw TemplateException.Runtime($"{TypeName.Of(value)} cannot be rounded"),
        };
    }

    public static object Sum(TemplateRun run, object value, CallArguments arguments)
    {
        var bound = arguments.Bind("attribute", "start");
        var path = AttributePath.Of(bound[0]);
        var total = bound[1] ?? 0L;
        if (total is string or Markup)
        {
            throw TemplateException.Runtime("texts are joined, not summed: use the filter 'join'");
        }

        foreach (var item in Iteration.Of(value))
        {
            run.Budget.Step();
            total = Operators.Apply(run, "+", total, path.Read(run, item));
        }

        return total;
    }

    public static object FileSize(TemplateRun run, object value, CallArguments arguments)
    {
        var isBinary = arguments.Bind("binary").Flag(0, false);
        var size = value switch
        {
            bool or long or double => Convert.ToDouble(value),
            string or Markup when NumberText.Real(run.Text.Of(value)) is { } number => number,
            _ => throw TemplateException.Runtime($"{TypeName.Of(value)} is no size"),
        };
        var step = isBinary ? 1024.0 : 1000.0;
        var units = isBinary ? BinaryUnits : DecimalUnits;
        if (size < step)
        {
            return size == 1 ? "1 Byte" : string.Create(CultureInfo.InvariantCulture, $"{(long)size} Bytes");
        }

        var power = 0;
        for (; power < units.Length - 1 && size >= Math.Pow(step, power + 2); power++)
        {
        }

        return $"{ExactDecimal.Fixed(step * size / Math.Pow(step, power + 2), 1)} {units[power]}";
    }

    private static object? Truncated(double number) => Math.Abs(number) < 9.2e18 ? (long)number : null;

    private static double Shifted(double value, int precision, string method)
    {
        var power = Math.Pow(10, precision);
        var shifted = value * power;
        return (method == "ceil" ? Math.Ceiling(shifted) : Math.Floor(shifted)) / power is var result and not 0 ? result : 0.0;
    }
}
