using Mainstay.ServiceDefaults.Configuration;
using Mainstay.Testing;

namespace Mainstay.ServiceDefaults.Tests.Hosting;

public sealed class ListeningAddressesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listen_BesideAHostName_IsWhatTheServiceListensOn()
    {
        await using var service = await RunningService.StartAsync(
            arguments => ProbeService.Build([.. arguments, "--services:skills:host", "skills.internal", "--services:skills:listen", "127.0.0.1"]), "skills", Cancellation);

        Assert.StartsWith("http://127.0.0.1:", service.Application.Urls.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_HostIsANameAlone_IsRefusedWithWhatToSet()
    {
        var exception = await Assert.ThrowsAsync<MainstayConfigurationException>(() => RunningService.StartAsync(
            arguments => ProbeService.Build([.. arguments, "--services:skills:host", "skills.internal"]), "skills", Cancellation));

        Assert.Contains("'services:skills:listen'", exception.Message, StringComparison.Ordinal);
    }
}
