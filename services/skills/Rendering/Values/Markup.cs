using System.Text;

namespace Mainstay.Skills.Rendering.Values;

/// <summary>Text that has been escaped for HTML, or declared safe.</summary>
internal sealed record Markup(string Text)
{
    /// <summary>A value's text with HTML's special characters escaped; markup stays as it is.</summary>
    public static Markup Escape(object value, ValueText text) => value is Markup markup ? markup : Escape(text.Of(value));

    /// <summary>The text with HTML's special characters escaped.</summary>
    public static Markup Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0)
        {
            return new Markup(text);
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(character),
            };
        }

        return new Markup(escaped.ToString());
    }
}
