namespace Mainstay.Skills.Catalog;

/// <summary>The size of pages.</summary>
internal static class Paging
{
    private const int Default = 50;
    private const int Most = 1000;

    /// <summary>The size of a page, as asked for or as usual.</summary>
    public static int Size(int pageSize) => pageSize switch
    {
        0 => Default,
        > 0 and <= Most => pageSize,
        _ => throw SkillErrors.FieldInvalid(("page_size", $"must be 1 to {Most}, or 0 for {Default}")),
    };
}
