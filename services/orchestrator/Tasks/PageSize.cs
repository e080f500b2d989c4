namespace Mainstay.Orchestrator.Tasks;

/// <summary>How many a page holds.</summary>
internal static class PageSize
{
    private const int Default = 50;
    private const int Most = 1000;

    /// <summary>The size asked for, or the default for 0.</summary>
    public static int Of(int asked) => asked switch
    {
        < 0 or > Most => throw OrchestratorErrors.FieldInvalid(("page_size", $"must be 1 to {Most}, or 0 for {Default}")),
        0 => Default,
        _ => asked,
    };
}
