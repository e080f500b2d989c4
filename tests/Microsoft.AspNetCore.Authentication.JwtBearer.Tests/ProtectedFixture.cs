namespace Microsoft.AspNetCore.Authentication.JwtBearer.Tests;

/// <summary>An issuer and an application that trusts it, at a clock that stands still; shared by the tests of a class, for keys take time to make.</summary>
public sealed class ProtectedFixture : IAsyncLifetime
{
    internal Issuer Issuer { get; } = new();

    internal Protected Application { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Application = await Protected.StartAsync(Protected.Trusting(Issuer), new FixedClock(Issuer.Now));

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        Issuer.Dispose();
    }
}
