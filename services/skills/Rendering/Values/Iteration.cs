namespace Mainstay.Skills.Rendering.Values;

/// <summary>What a loop over a value meets.</summary>
internal static class Iteration
{
    /// <summary>The items; throws at once where a value has none to go over.</summary>
    public static IEnumerable<object> Of(object value)
    {
        switch (value)
        {
            case List<object> items:
                return items;
            case TemplateTuple tuple:
                return tuple.Items;
            case TemplateDict dict:
                return dict.Entries.Keys;
            case string text:
                return CodePoints.Split(text);
            case Markup markup:
                return CodePoints.Split(markup.Text).Select(character => new Markup(character));
            case TemplateRange range:
                return range.Items();
            case Generator generator:
                return generator.Items();
            case DictView view:
                return view.Items;
            case Undefined undefined:
                if (undefined.IsUnsafe)
                {
                    throw undefined.Error();
                }

                undefined.Tolerate();
                return [];
            default:
                throw TemplateException.Runtime($"'{TypeName.Of(value)}' is no sequence to go over");
        }
    }

    /// <summary>How many items there are; null where that cannot be told without going over them.</summary>
    public static int? Count(object value) => value switch
    {
        List<object> items => items.Count,
        TemplateTuple tuple => tuple.Items.Count,
        TemplateDict dict => dict.Entries.Count,
        string text => CodePoints.Count(text),
        Markup markup => CodePoints.Count(markup.Text),
        TemplateRange range => range.Count,
        DictView view => view.Items.Count,
        _ => null,
    };
}
