// Owners of OpenSSL's objects.
#pragma once
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace essaim::transport {

template <auto kFree>
struct OpensslFree {
  template <class Object>
  void operator()(Object* object) const {
    kFree(object);
  }
};

using SslHandle = std::unique_ptr<SSL, OpensslFree<SSL_free>>;
using SslCtxHandle = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>>;
using BioHandle = std::unique_ptr<BIO, OpensslFree<BIO_free>>;
using BioMethodHandle = std::unique_ptr<BIO_METHOD, OpensslFree<BIO_meth_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using KeyContextHandle = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<EVP_PKEY_CTX_free>>;
using X509Handle = std::unique_ptr<X509, OpensslFree<X509_free>>;

}  // namespace essaim::transport
