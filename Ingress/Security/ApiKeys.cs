using System.Security.Cryptography;
using System.Text;
using Keda.Inference.Ingress.Hosting;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Security;

/// <summary>The configured keys. Only their hashes are known, and comparing takes the same time whether a key is right or not.</summary>
internal sealed class ApiKeys(IOptions<IngressOptions> options)
{
    public const string Header = "X-Api-Key";
    private const int MaxLength = 512;
    private readonly (byte[] Hash, ApiKeyOptions Key)[] _keys =
        [.. options.Value.ApiKeys.Select(key => (Convert.FromHexString(key.Sha256), key))];

    public bool Any => _keys.Length > 0;

    /// <summary>Whose key it is, or null.</summary>
    public ApiKeyOptions? Find(string given)
    {
        if (given.Length is 0 or > MaxLength)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        ApiKeyOptions? found = null;
        foreach (var (known, key) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = key;
        }

        return found;
    }
}
