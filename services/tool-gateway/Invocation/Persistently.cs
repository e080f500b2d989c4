using Npgsql;

namespace Mainstay.ToolGateway.Invocation;

/// <summary>Holds on to what must be stored while the database is away for a moment.</summary>
internal static class Persistently
{
    private const int MostAttempts = 7;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Does something, again after a pause of 0.1 s to 3.2 s as long as the database says that it may pass.</summary>
    public static async Task<T> DoAsync<T>(Func<Task<T>> act, TimeProvider clock)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await act();
            }
            catch (NpgsqlException e) when (e.IsTransient && attempt < MostAttempts)
            {
                await Task.Delay(FirstPause * Math.Pow(2, attempt - 1), clock);
            }
        }
    }
}
