namespace Mainstay.Skills.Rendering.Values;

/// <summary>Which values count as true.</summary>
internal static class Truth
{
    public static bool Of(object value)
    {
        switch (value)
        {
            case Undefined undefined:
                undefined.Tolerate();
                return false;
            default:
                return value switch
                {
                    bool flag => flag,
                    None => false,
                    long number => number != 0,
                    double number => number != 0,
                    string text => text.Length > 0,
                    Markup markup => markup.Text.Length > 0,
                    List<object> items => items.Count > 0,
                    TemplateTuple tuple => tuple.Items.Count > 0,
                    TemplateDict dict => dict.Entries.Count > 0,
                    TemplateRange range => range.Count > 0,
                    DictView view => view.Items.Count > 0,
                    _ => true,
                };
        }
    }
}
