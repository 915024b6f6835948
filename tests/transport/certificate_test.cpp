#include "transport/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "access/peer_id.hpp"
#include "foreign_tls.hpp"
#include "loopback.hpp"
#include "transport/pem.hpp"

namespace essaim::transport {
namespace {

TEST(Certificate, NamesItsPeerLikeTheContextMadeFromIt) {
  const TlsIdentity identity = make_identity();
  const auto id = peer_id_of_certificate_pem(identity.certificate_pem);
  const auto context = TlsContext::make(identity);
  ASSERT_TRUE(id && context);
  EXPECT_TRUE(access::is_key_peer_id(id->text)) << id->text;
  EXPECT_EQ(*id, context->peer_id());
}

TEST(Certificate, IsANewPeerEachTime) {
  EXPECT_NE(make_identity().key_pem, make_identity().key_pem);
  EXPECT_NE(make_context().peer_id(), make_context().peer_id());
}

TEST(Certificate, StaysUnderTheSizeThatPeersTake) {
  const auto certificate = parse_certificate_pem(make_identity().certificate_pem);
  ASSERT_TRUE(certificate);
  EXPECT_LT(i2d_X509(certificate->get(), nullptr), 500);
}

TEST(Certificate, RefusesWhatIsNoIdentity) {
  const TlsIdentity good = make_identity();
  const ForeignCertificate p256 = make_foreign_certificate({.key_type = EVP_PKEY_EC});
  const TlsIdentity weak = encode_pem(*p256.certificate, *p256.key).value();
  const std::string half = good.certificate_pem.substr(0, good.certificate_pem.size() / 2);

  const std::vector<std::pair<TlsIdentity, IdentityError>> cases = {
      {{.certificate_pem = "", .key_pem = good.key_pem}, IdentityError::kBadCertificate},
      {{.certificate_pem = half, .key_pem = good.key_pem}, IdentityError::kBadCertificate},
      {{.certificate_pem = good.certificate_pem, .key_pem = ""}, IdentityError::kBadKey},
      {{.certificate_pem = good.certificate_pem, .key_pem = good.certificate_pem}, IdentityError::kBadKey},
      {{.certificate_pem = good.certificate_pem, .key_pem = make_identity().key_pem}, IdentityError::kMismatch},
      {weak, IdentityError::kNotEd25519},
  };
  for (const auto& [identity, expected] : cases) {
    const auto context = TlsContext::make(identity);
    ASSERT_FALSE(context);
    EXPECT_EQ(context.error(), expected) << to_string(context.error());
  }
}

TEST(Certificate, IsMadeAgainFromItsKey) {
  const TlsIdentity own = make_identity();
  const auto again = identity_of_key_pem(own.key_pem);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->key_pem, own.key_pem);
  EXPECT_EQ(again->certificate_pem, own.certificate_pem) << "nothing in it is left to chance";
  const ForeignCertificate p256 = make_foreign_certificate({.key_type = EVP_PKEY_EC});
  const TlsIdentity weak = encode_pem(*p256.certificate, *p256.key).value();
  EXPECT_EQ(identity_of_key_pem(weak.key_pem).error(), IdentityError::kNotEd25519);
  EXPECT_EQ(identity_of_key_pem(own.certificate_pem).error(), IdentityError::kBadKey);
  EXPECT_EQ(identity_of_key_pem("").error(), IdentityError::kBadKey);
}

TEST(Certificate, AsksNobodyForAPassword) {
  const ForeignCertificate own = make_foreign_certificate();
  const BioHandle bio(BIO_new(BIO_s_mem()));
  ASSERT_EQ(PEM_write_bio_PKCS8PrivateKey(bio.get(), own.key.get(), EVP_aes_128_cbc(), "secret", 6, nullptr, nullptr),
            1);
  char* data = nullptr;
  const long bytes = BIO_get_mem_data(bio.get(), &data);
  const auto key = parse_key_pem({data, static_cast<std::size_t>(bytes)});
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error(), IdentityError::kBadKey);
}

}  // namespace
}  // namespace essaim::transport
