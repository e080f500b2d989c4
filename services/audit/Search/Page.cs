namespace Mainstay.Audit.Search;

/// <summary>The rows of a page.</summary>
/// <param name="Rows">As many as were asked for, or as many as fit in an answer.</param>
/// <param name="IsLast">Whether none comes after them.</param>
internal sealed record Page<T>(IReadOnlyList<T> Rows, bool IsLast);

/// <summary>Ends pages by their number of rows and by their size.</summary>
internal static class Page
{
    // Clients take messages of up to 4 MiB unless they are told otherwise.
    private const long MostBytes = 3 * 1024 * 1024;

    /// <summary>Reads rows one by one, until the page is full.</summary>
    public static async Task<Page<T>> ReadAsync<T>(IAsyncEnumerable<T> rows, int pageSize, Func<T, long> bytesOf, CancellationToken cancellationToken)
    {
        var page = new List<T>();
        var bytes = 0L;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            bytes += bytesOf(row);
            if (page.Count == pageSize || (page.Count > 0 && bytes > MostBytes))
            {
                return new Page<T>(page, IsLast: false);
            }

            page.Add(row);
        }

        return new Page<T>(page, IsLast: true);
    }
}
