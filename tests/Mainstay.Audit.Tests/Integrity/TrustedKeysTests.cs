using System.Security.Cryptography;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Tests.Sinks;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Audit.Tests.Integrity;

public sealed class TrustedKeysTests : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-");
    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => trail = await TrailDatabase.CreateAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await trail.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task VerifyChain_KeyChanged_TakesTheConfiguredKeysOnly()
    {
        var (before, after) = (Key("before"), Key("after"));
        await SignAsync(Options(before));
        await SignAsync(Options(after));

        var withBoth = await VerifyAsync(Options(after, before));
        var withOne = await VerifyAsync(Options(after));
        var withoutAny = await VerifyAsync(Options(null));

        Assert.True(withBoth.Intact, withBoth.Finding);
        Assert.False(withOne.Intact);
        Assert.Contains("which is not known", withOne.Finding, StringComparison.Ordinal);
        Assert.True(withoutAny.Intact, withoutAny.Finding);
    }

    [Fact]
    public async Task VerifyChain_SignedAnewByAKeyPutIntoTheDatabase_IsFound()
    {
        var own = Options(Key("own"));
        await SignAsync(own);
        await trail.ExecuteAsync("delete from checkpoint", Cancellation);
        await SignAsync(Options(Key("intruder")));

        var found = await VerifyAsync(own);

        Assert.False(found.Intact);
        Assert.Contains("which is not known", found.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListPublicKeys_KeyPutIntoTheDatabase_IsNotTrusted()
    {
        var own = Options(Key("own"));
        await SignAsync(own);
        var other = Key("intruder");
        await SignAsync(Options(other));
        using var intruder = SigningKey.Read(other);
        await trail.ExecuteAsync($"update signing_key set public_key = '{intruder.ExportSubjectPublicKeyInfoPem()}'", Cancellation);

        using var signing = new SigningKey(own, trail.Database, TimeProvider.System, NullLogger<SigningKey>.Instance);
        var listed = await new ListCheckpoints(trail.Database, signing, Trusted(own)).ListKeysAsync(Cancellation);

        using var key = SigningKey.Read(own.SigningKeyFile!);
        Assert.Equal(key.ExportSubjectPublicKeyInfoPem(), Assert.Single(listed.Keys, one => one.Trusted).Pem);
        Assert.Equal(SigningKey.IdOf(intruder), Assert.Single(listed.Keys, one => !one.Trusted).KeyId);
    }

    [Fact]
    public void Options_RetiredKeysAlone_AreRefused()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("audit:retired_key_files:0", Key("retired"))]).Build();

        var exception = Assert.Throws<MainstayConfigurationException>(() => IntegrityOptions.Read(configuration));

        Assert.Contains("audit:retired_key_files", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_KeysOfTheConfiguration_AreReadAtTheStart()
    {
        var (own, retired) = (Key("own"), Key("retired"));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("audit:signing_key_file", own), new("audit:retired_key_files:0", retired)]).Build();

        Assert.Equal(2, TrustedKeys.ReadFiles(IntegrityOptions.Read(configuration))!.Count);

        File.WriteAllText(retired, "no key");
        Assert.Throws<MainstayConfigurationException>(() => TrustedKeys.ReadFiles(IntegrityOptions.Read(configuration)));
    }

    private string Key(string name)
    {
        var file = Path.Combine(directory.FullName, $"{name}.pem");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        return file;
    }

    private static IntegrityOptions Options(string? file, params string[] retired) => new(file, 10_000, TimeSpan.FromMinutes(1), null, TimeSpan.FromDays(30), retired);

    private TrustedKeys Trusted(IntegrityOptions options) => new(TrustedKeys.ReadFiles(options), trail.Database);

    private async Task SignAsync(IntegrityOptions options)
    {
        await trail.AppendAsync(2, Cancellation);
        using var key = new SigningKey(options, trail.Database, TimeProvider.System, NullLogger<SigningKey>.Instance);
        await new MakeCheckpoint(trail.Database, key, options, TimeProvider.System).ExecuteAsync(now: true, Cancellation);
    }

    private Task<VerifyChainResponse> VerifyAsync(IntegrityOptions options) =>
        new VerifyChain(trail.Database, Trusted(options)).ExecuteAsync(new VerifyChainRequest(), new((string?)null), Cancellation);
}
