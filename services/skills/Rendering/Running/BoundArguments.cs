using Mainstay.Skills.Rendering.Values;

namespace Mainstay.Skills.Rendering.Running;

/// <summary>A call's arguments by parameter.</summary>
internal readonly record struct BoundArguments(string[] Names, object?[] Values)
{
    /// <summary>The argument, or null when it is not given.</summary>
    public object? this[int index] => Values[index];

    /// <summary>The argument, which must be given.</summary>
    public object Required(int index) => Values[index] ?? throw TemplateException.Runtime($"the argument '{Names[index]}' is missing");

    public bool Flag(int index, bool otherwise) => Values[index] is { } value ? Truth.Of(value) : otherwise;

    /// <summary>A whole number; None counts as not given.</summary>
    public int Number(int index, int otherwise) => Values[index] switch
    {
        null or None => otherwise,
        bool flag => flag ? 1 : 0,
        long number => (int)Math.Clamp(number, int.MinValue, int.MaxValue),
        Undefined undefined => throw undefined.Error(),
        var value => throw TemplateException.Runtime($"'{Names[index]}' must be a whole number, not {TypeName.Of(value)}"),
    };

    /// <summary>A text; None counts as not given.</summary>
    public string? Text(int index) => Values[index] switch
    {
        null or None => null,
        string text => text,
        Markup markup => markup.Text,
        Undefined undefined => throw undefined.Error(),
        var value => throw TemplateException.Runtime($"'{Names[index]}' must be text, not {TypeName.Of(value)}"),
    };
}
