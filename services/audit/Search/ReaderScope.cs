using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Audit.Search;

/// <summary>What a caller may read: one project's stream, or all.</summary>
/// <param name="Stream">The one stream; null means all.</param>
internal sealed record ReaderScope(string? Stream)
{
    private const string Own = "audit:read";
    private const string All = "audit:read_all";

    /// <summary>What a caller may read; throws when that is nothing.</summary>
    public static ReaderScope Of(CallerContext caller) =>
        caller.IsAdmin || caller.HasScope(All) ? new ReaderScope((string?)null)
        : caller.HasScope(Own) ? new ReaderScope(caller.Project)
        : throw AuditErrors.ScopeMissing(Own);
}
