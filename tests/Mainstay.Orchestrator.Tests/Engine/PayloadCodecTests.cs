using System.Security.Cryptography;
using Google.Protobuf;
using Mainstay.Orchestrator.Engine.Payloads;
using Mainstay.ServiceDefaults.Configuration;
using Microsoft.Extensions.Configuration;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Task = System.Threading.Tasks.Task;

namespace Mainstay.Orchestrator.Tests.Engine;

public sealed class PayloadCodecTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task Encryption_ThereAndBack_LeavesNothingReadableBetween()
    {
        var converter = Read(RandomNumberGenerator.GetBytes(32));
        var payload = await converter.ToPayloadAsync("the goal of the run");

        Assert.Equal("binary/encrypted", payload.Metadata["encoding"].ToStringUtf8());
        Assert.DoesNotContain("goal", payload.ToByteString().ToStringUtf8(), StringComparison.Ordinal);
        Assert.NotEqual(payload, await converter.ToPayloadAsync("the goal of the run"));
        Assert.Equal("the goal of the run", await converter.ToValueAsync<string>(payload));
    }

    [Fact]
    public async Task Encryption_KeyReplaced_OldPayloadsStayReadable()
    {
        var (old, current) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var written = await Read(old).ToPayloadAsync(42);

        Assert.Equal(42, await Read(current, old).ToValueAsync<int>(written));
        Assert.Equal(7, await Read(current, old).ToValueAsync<int>(await DataConverter.Default.ToPayloadAsync(7)));
        await Assert.ThrowsAsync<CryptographicException>(() => Read(current).ToValueAsync<int>(written));
    }

    [Fact]
    public async Task Encryption_OneBitChanged_IsRefused()
    {
        var converter = Read(RandomNumberGenerator.GetBytes(32));
        var payload = await converter.ToPayloadAsync("text");
        var damaged = payload.Data.ToByteArray();
        damaged[^1] ^= 1;

        await Assert.ThrowsAnyAsync<CryptographicException>(() => converter.ToValueAsync<string>(new Payload(payload) { Data = ByteString.CopyFrom(damaged) }));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => converter.ToValueAsync<string>(new Payload(payload) { Data = ByteString.Empty }));
    }

    [Fact]
    public async Task Encryption_OfAFailure_HidesItsMessage()
    {
        var converter = Read(RandomNumberGenerator.GetBytes(32));
        var failure = await converter.ToFailureAsync(new InvalidOperationException("what the customer said"));

        Assert.DoesNotContain("customer", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal("what the customer said", (await converter.ToExceptionAsync(failure)).Message);
    }

    [Fact]
    public async Task Compression_OfWhatGetsSmaller_AndOnlyOfThat()
    {
        var converter = PayloadConversion.Read(new ConfigurationBuilder().AddInMemoryCollection([new("temporal:compress_payloads", "true")]).Build());
        var text = new string('a', 100_000);
        var (large, small) = (await converter.ToPayloadAsync(text), await converter.ToPayloadAsync(1));

        Assert.Equal(("binary/zlib", true), (large.Metadata["encoding"].ToStringUtf8(), large.Data.Length < 1000));
        Assert.Equal("json/plain", small.Metadata["encoding"].ToStringUtf8());
        Assert.Equal((text, 1), (await converter.ToValueAsync<string>(large), await converter.ToValueAsync<int>(small)));
    }

    [Theory]
    [InlineData("not base64")]
    [InlineData("c2hvcnQ=")]
    [InlineData("")]
    public void Keys_ThatAreNone_NameTheSetting(string line)
    {
        File.WriteAllText(file, line);
        Assert.Contains("temporal:encryption_keys_file", Assert.Throws<MainstayConfigurationException>(() => EncryptionKey.Read(file)).Message, StringComparison.Ordinal);
    }

    private DataConverter Read(params byte[][] keys)
    {
        File.WriteAllLines(file, keys.Select(Convert.ToBase64String));
        return PayloadConversion.Read(new ConfigurationBuilder().AddInMemoryCollection([new("temporal:encryption_keys_file", file), new("temporal:compress_payloads", "true")]).Build());
    }
}
