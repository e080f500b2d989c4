using System.Collections.Frozen;
using Mainstay.Skills.Rendering.Running;

namespace Mainstay.Skills.Rendering.Filters;

/// <summary>What a filter does with a value.</summary>
internal delegate object Filter(TemplateRun run, object value, CallArguments arguments);

/// <summary>Every filter by its name.</summary>
internal static class FilterTable
{
    private static readonly FrozenDictionary<string, Filter> Filters = new Dictionary<string, Filter>(StringComparer.Ordinal)
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = SequenceFilters.Attribute,
        ["batch"] = SequenceFilters.Batch,
        ["capitalize"] = TextFilters.Capitalize,
        ["center"] = TextFilters.Center,
        ["count"] = SequenceFilters.Length,
        ["d"] = SequenceFilters.Default,
        ["default"] = SequenceFilters.Default,
        ["dictsort"] = OrderFilters.DictSort,
        ["e"] = MarkupFilters.Escape,
        ["escape"] = MarkupFilters.Escape,
        ["filesizeformat"] = NumberFilters.FileSize,
        ["first"] = SequenceFilters.First,
        ["float"] = NumberFilters.ToFloat,
        ["forceescape"] = MarkupFilters.ForceEscape,
        ["format"] = TextFilters.Format,
        ["groupby"] = OrderFilters.GroupBy,
        ["indent"] = LayoutFilters.Indent,
        ["int"] = NumberFilters.ToInt,
        ["items"] = SequenceFilters.Items,
        ["join"] = SequenceFilters.Join,
        ["last"] = SequenceFilters.Last,
        ["length"] = SequenceFilters.Length,
        ["list"] = SequenceFilters.ToList,
        ["lower"] = TextFilters.Lower,
        ["map"] = SelectionFilters.Map,
        ["max"] = OrderFilters.Max,
        ["min"] = OrderFilters.Min,
        ["reject"] = SelectionFilters.Reject,
        ["rejectattr"] = SelectionFilters.RejectAttribute,
        ["replace"] = TextFilters.Replace,
        ["reverse"] = SequenceFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = MarkupFilters.Safe,
        ["select"] = SelectionFilters.Select,
        ["selectattr"] = SelectionFilters.SelectAttribute,
        ["slice"] = SequenceFilters.Slice,
        ["sort"] = OrderFilters.Sort,
        ["string"] = TextFilters.ToText,
        ["striptags"] = MarkupFilters.StripTags,
        ["sum"] = NumberFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = JsonFilter.ToJson,
        ["trim"] = TextFilters.Trim,
        ["truncate"] = LayoutFilters.Truncate,
        ["unique"] = OrderFilters.Unique,
        ["upper"] = TextFilters.Upper,
        ["urlencode"] = MarkupFilters.UrlEncode,
        ["wordcount"] = TextFilters.WordCount,
        ["wordwrap"] = LayoutFilters.WordWrap,
        ["xmlattr"] = MarkupFilters.XmlAttributes,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Has(string name) => Filters.ContainsKey(name);

    public static Filter Find(string name) => Filters.TryGetValue(name, out var filter) ? filter : throw Unknown(name);

    public static TemplateException Unknown(string name) => new(TemplateErrorKind.UnknownFilterOrTest, $"there is no filter '{name}'");
}
