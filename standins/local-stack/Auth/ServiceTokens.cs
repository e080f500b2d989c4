namespace Mainstay.LocalStack.Auth;

/// <summary>The tokens by which the services call each other.</summary>
internal sealed class ServiceTokens(RunDirectory directory, TokenMint mint)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Writes a fresh token for one service and returns the file.</summary>
    public string Write(string service)
    {
        var path = Path.Combine(directory.Auth, $"{service}.token");
        RunDirectory.WriteSecret(path, mint.Mint(new() { Subject = service, Role = "service", Scope = "service", Lifetime = Lifetime }));
        return path;
    }
}
