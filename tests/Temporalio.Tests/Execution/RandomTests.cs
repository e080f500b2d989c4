using Temporalio.Common;
using Temporalio.Worker.Execution;

namespace Temporalio.Tests.Execution;

/// <summary>Randomness is part of what a history depends on: it must be that of the official SDKs, number by number.</summary>
public sealed class RandomTests
{
    // The first number of Pcg64Mcg::seed_from_u64(0), from the tests of the crate that the official SDK uses.
    [Fact]
    public void Random_OfSeedZero_BeginsAsThePublishedOne()
    {
        var bytes = new byte[8];
        new DeterministicRandom(0).NextBytes(bytes);
        Assert.Equal(6198063878555692194UL, BitConverter.ToUInt64(bytes));
    }

    [Fact]
    public void Random_OfEveryKind_TakesTheSameNumbers()
    {
        const ulong First = 6198063878555692194;
        Assert.Equal((First >> 12) / Math.Pow(2, 52), new DeterministicRandom(0).NextDouble());
        Assert.Equal((int)((First & uint.MaxValue) * 100 >> 32), new DeterministicRandom(0).Next(100));
        Assert.Equal((int)((First & uint.MaxValue) * 20 >> 32) - 10, new DeterministicRandom(0).Next(-10, 10));
        Assert.InRange(new DeterministicRandom(7).Next(int.MinValue, int.MaxValue), int.MinValue, int.MaxValue - 1);
        Assert.Equal(5, new DeterministicRandom(0).Next(5, 5));
    }

    // SipHash-1-3 with a key of zeros, as CPython computes it, too, for bytes when its hash seed is 0.
    [Theory]
    [InlineData("", 3476900567878811119UL)]
    [InlineData("7", 1231940324599871575UL)]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef", 2815789192344082070UL)]
    public void Seed_OfARunId_IsItsSipHash(string runId, ulong seed) => Assert.Equal(seed, RunSeed.From(runId));
}
